"""The shape of a population in a file, seen before anything starts."""

import struct
from pathlib import Path

import numpy as np
import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.init_file import array_shape, check_init


@pytest.mark.parametrize("shape", [(), (3,), (4, 5), (2, 3, 4), (0, 7)])
def test_the_shape_is_what_numpy_wrote(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.save(tmp_path / "a.npy", np.zeros(shape, np.float32))
    assert array_shape(tmp_path / "a.npy") == shape


def test_a_header_of_version_2_is_read_too(tmp_path: Path) -> None:
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (100000, 4097), }\n"
    (tmp_path / "a.npy").write_bytes(b"\x93NUMPY\x02\x00" + struct.pack("<I", len(header)) + header)
    assert array_shape(tmp_path / "a.npy") == (100000, 4097)


DAMAGED = [
    b"",
    b"junk",
    b"\x93NUMPY\x01\x00",
    b"\x93NUMPY\x07\x00\x05\x00{[(",
    b"\x93NUMPY\x01\x00\x05\x00{[(  ",
    b"\x93NUMPY\x01\x00\x02\x00{}",
    b"\x93NUMPY\x01\x00\x02\x0012",
    b"\x93NUMPY\x01\x00\x15\x00{'shape': (True, -1)}",
    b"\x93NUMPY\x01\x00\x0d\x00{'shape': 12}",
    b"\x93NUMPY\x02\x00\x28\x23\x00\x00" + b"(" * 9000,
    b"\x93NUMPY\x02\x00\xff\xff\xff\xff" + b"-" * 20_000 + b"1",
]


@pytest.mark.parametrize("content", DAMAGED, ids=lambda content: repr(content)[2:30])
def test_what_is_no_array_is_refused_with_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npy").write_bytes(content)
    with pytest.raises(SettingsError, match=r"^init .*a\.npy cannot be read as a \.npy file: it"):
        check_init(EvolutionSettings(init=str(tmp_path / "a.npy")))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"^init .*a\.npy cannot be read as a \.npy file: No such file or directory$"
    ):
        check_init(EvolutionSettings(init=str(tmp_path / "a.npy")))
    (tmp_path / "a.npy").mkdir()
    with pytest.raises(SettingsError, match="Is a directory"):
        check_init(EvolutionSettings(init=str(tmp_path / "a.npy")))


@pytest.mark.parametrize(
    ("shape", "given", "sentence"),
    [
        ((40, 192), {}, "init a.npy has shape (40, 192); it must be (members, 193), with at least 5 members"),
        ((193,), {}, "init a.npy has shape (193,); it must be (members, 193), with at least 5 members"),
        (
            (5, 193),
            {"strategy": "rand2bin"},
            "init a.npy has shape (5, 193); it must be (members, 193), with at least 6",
        ),
        ((40, 193), {"members": 41}, "init a.npy has 40 members, and members is 41; leave one out"),
    ],
)
def test_an_array_that_does_not_fit_is_refused(
    tmp_path: Path, shape: tuple[int, ...], given: dict[str, object], sentence: str
) -> None:
    np.save(tmp_path / "a.npy", np.zeros(shape))
    settings = EvolutionSettings(layers="6", init=str(tmp_path / "a.npy"), **given)  # type: ignore[arg-type]
    with pytest.raises(SettingsError) as caught:
        check_init(settings)
    assert str(caught.value).startswith(sentence)


def test_what_fits_is_accepted(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.zeros((40, 193)))
    check_init(EvolutionSettings(layers="6", init=str(tmp_path / "a.npy")))
    check_init(EvolutionSettings(layers="6", init=str(tmp_path / "a.npy"), members=40))
    check_init(EvolutionSettings(init="sobol"))
