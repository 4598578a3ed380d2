"""Settings in files: what is read, what is refused and how, which layer wins."""

from pathlib import Path

import pytest

from nnsize_engine.errors import SettingsError
from nnsize_engine.settings.command_options import OPTIONS, Command
from nnsize_engine.settings.evolution import EvolutionSettings
from nnsize_engine.settings.option_names import OTHER_NAMES
from nnsize_engine.settings.search import SizeSettings
from nnsize_engine.settings.toml import config_text, merge, read_config, read_defaults
from nnsize_engine.settings.user_config import defaults_path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "run.toml"


@pytest.fixture
def defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("NNSIZE_CONFIG", str(path))
    return path


def test_values_are_read_as_the_command_line_would_have_them(file: Path) -> None:
    file.write_text(
        'kind = "size"\ncv = 3\ntest-size = 0.25\nalpha = [0.1, 1e-3]\nmax-iter = 50\nshuffle = false\n'
        'activation = "relu,tanh"\ntarget = "y, z"\nignore = ["id", "name"]\nstratify = true\npositive = 1\n',
        encoding="utf-8-sig",
    )
    options, has_defaults = read_config(file, "size")
    assert has_defaults
    assert options == {
        "cv": 3,
        "test-size": "0.25",
        "alpha": "0.1,0.001",
        "max-iter": "50",
        "shuffle": "no",
        "activation": "relu,tanh",
        "target": ["y, z"],
        "ignore": ["id", "name"],
        "stratify": True,
        "positive": "1",
    }


def test_every_other_name_that_the_command_line_takes_is_taken_in_a_file(file: Path, defaults: Path) -> None:
    assert OTHER_NAMES.keys() == OPTIONS.keys()
    for command in OPTIONS:
        for other, own in OTHER_NAMES[command].items():
            value = "3" if OPTIONS[command][own] in ("integer", "folds") else "'3'"
            file.write_text(f"{own} = {value}\n")
            expected = read_config(file, command)[0]
            for spelling in (other, other.replace("-", "_"), own.replace("-", "_")):
                file.write_text(f"{spelling} = {value}\n")
                assert read_config(file, command)[0] == expected, spelling
    defaults.write_text("[size]\nrandom_state = 4\n[evolve]\nhidden_layer_sizes = '8,4'\n")
    assert read_defaults("size") == {"seed": 4}
    assert read_defaults("evolve") == {"layers": "8,4"}


def test_paths_are_seen_from_the_folder_of_the_file(file: Path, tmp_path: Path) -> None:
    file.write_text('data = "tables/cars.csv"\n')
    assert read_config(file, "size")[0] == {"data": str(tmp_path / "tables" / "cars.csv")}
    file.write_text('data = "iris"\ninit = "first.npy"\n')
    assert read_config(file, "evolve")[0] == {"data": "iris", "init": str(tmp_path / "first.npy")}
    file.write_text('data = "openml:iris"\ninit = "sobol"\n')
    assert read_config(file, "evolve")[0] == {"data": "openml:iris", "init": "sobol"}


REFUSED: list[tuple[Command, str, str]] = [
    ("size", "neuron = '5'", "unknown setting 'neuron' in FILE; did you mean 'neurons'?"),
    ("size", "popsize = 3", "'popsize' in FILE is a setting of nnsize evolve, not of nnsize size; leave it out"),
    ("evolve", "max_iter = 9", "'max_iter' in FILE is a setting of nnsize size, not of nnsize evolve; leave it out"),
    ("size", "hidden-layer-sizes = true", "hidden-layer-sizes in FILE is True; it must be a text in quotes"),
    ("size", "hidden_layer_size = '3'", "unknown setting 'hidden_layer_size' in FILE; nnsize size --help lists"),
    ("size", "maxiter = 3", "unknown setting 'maxiter' in FILE; did you mean 'max-iter'?"),
    (
        "size",
        "seed = 1\nrandom_state = 2",
        "FILE has both 'seed' and 'random_state', which are the same; leave one out",
    ),
    ("evolve", "maxiter = 3\ngenerations = 4", "FILE has both 'maxiter' and 'generations', which are the same"),
    (
        "size",
        "test-size = 0.5\ntest_size = 0.5",
        "FILE has both 'test-size' and 'test_size', which are the same; leave",
    ),
    ("size", "categorical = 'a'\nlabels = 'b'", "FILE has both 'categorical' and 'labels', which are the same"),
    ("size", "colour = 3", "unknown setting 'colour' in FILE; nnsize size --help lists them all"),
    ("size", "[size]\ncv = 3", "FILE has a section [size], but the file of a run has none; write its settings without"),
    ("evolve", "[other]", "FILE has a section [other], but the file of a run has none; write its settings without"),
    ("size", "repeats = '3'", "repeats in FILE is '3'; it must be a whole number"),
    ("size", "cv = true", "cv in FILE is True; it must be a whole number, or a text in quotes such as 'group:5'"),
    ("size", "cv = 3.5", "cv in FILE is 3.5; it must be a whole number, or a text in quotes such as 'group:5'"),
    ("size", "stratify = 1", "stratify in FILE is 1; it must be true or false"),
    ("size", "neurons = true", "neurons in FILE is True; it must be a text in quotes"),
    ("size", "target = ['a', 1]", "target in FILE is ['a', 1]; it must be a text in quotes, or a list of texts"),
    (
        "size",
        "alpha = 2020-01-01",
        "alpha in FILE is datetime.date(2020, 1, 1); it must be a text in quotes, a number, ",
    ),
    ("size", "alpha = []", "alpha in FILE is []; it must be a text in quotes, a number, true or false, or a list"),
    ("evolve", "tol = 'x'", "tol in FILE is 'x'; it must be a number"),
    ("size", "kind = 'evolution'", "FILE is for a run of kind 'evolution'; start it with: nnsize evolve --config"),
    ("evolve", "kind = 'size'", "FILE is for a run of kind 'size'; start it with: nnsize size --config"),
    ("size", "kind = ['size']", "kind in FILE is ['size']; it must be 'size' or 'evolution'"),
    ("size", "defaults = 'no'", "defaults in FILE is 'no'; it must be true or false"),
    ("size", "a = 1\nb = = 2", "FILE is not a TOML file: Invalid value (at line 2, column 5)"),
    ("size", "cv = 3\ncv = 4", "FILE is not a TOML file: Cannot overwrite a value (at line 2, column 7)"),
]


@pytest.mark.parametrize(("command", "content", "sentence"), REFUSED, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_one_sentence(file: Path, command: Command, content: str, sentence: str) -> None:
    file.write_text(content + "\n")
    with pytest.raises(SettingsError) as refusal:
        read_config(file, command)
    assert str(refusal.value).startswith(sentence.replace("FILE", str(file)))
    assert "\n" not in str(refusal.value)


def test_a_file_that_cannot_be_read_is_one_sentence(file: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"run\.toml cannot be read: No such file or directory"):
        read_config(file, "size")
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        read_config(tmp_path, "size")
    file.write_bytes(b"cv = 3 # \xff")
    with pytest.raises(SettingsError, match="is not a TOML file: it is not UTF-8 text"):
        read_config(file, "size")


def test_defaults_are_read_by_section(defaults: Path) -> None:
    defaults.write_text("[size]\njobs = 1\n[evolve]\nmembers = 50\n")
    assert read_defaults("size") == {"jobs": 1}
    assert read_defaults("evolve") == {"members": 50}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("cv = 3", "'cv' in FILE stands outside a section; put it below [size], [evolve], [cluster] or [explorer]"),
        (
            "[keys]",
            "unknown section 'keys' in FILE; there are [size], [evolve], [cluster], [explorer] and [explorer.keys]",
        ),
        ("[sise]\ncv = 3", "unknown section 'sise' in FILE; did you mean 'size'?"),
        ("[evolve]\ncv = 3", "'cv' in FILE is a setting of nnsize size, not of nnsize evolve; leave it out"),
    ],
)
def test_wrong_defaults_are_one_sentence_for_every_command(defaults: Path, content: str, sentence: str) -> None:
    defaults.write_text(content)
    with pytest.raises(SettingsError) as refusal:
        read_defaults("size")
    assert str(refusal.value).startswith(sentence.replace("FILE", str(defaults)))


@pytest.mark.usefixtures("defaults")
def test_no_defaults_are_none_but_a_file_that_was_named_has_to_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=r"there is no file .*config\.toml, which NNSIZE_CONFIG names; correct"):
        read_defaults("size")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("NNSIZE_CONFIG", "")
    assert read_defaults("size") == {}
    monkeypatch.delenv("NNSIZE_CONFIG")
    assert defaults_path() == tmp_path / "none" / "nnsize" / "config.toml"
    assert read_defaults("size") == {}


def test_later_layers_win_and_either_of_two_words_for_one_thing_replaces_the_other() -> None:
    assert merge({"cv": 3, "jobs": 1}, {"cv": 4}, {"cv": 5}) == {"cv": 5, "jobs": 1}
    assert merge({"members": 50}, {"popsize": 3}) == {"popsize": 3}
    assert merge({"popsize": 3}, {}, {"members": 9}) == {"members": 9}


def test_every_setting_is_an_option_and_every_file_names_only_options() -> None:
    for command, settings in (("size", SizeSettings()), ("evolve", EvolutionSettings())):
        names = {line.partition(" =")[0] for line in config_text(settings).splitlines()}
        assert names - {"kind", "defaults"} <= OPTIONS[command].keys()  # type: ignore[index]
