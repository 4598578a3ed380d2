"""Charts as pictures: of every kind of run, drawn by a process of its own."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nnsize_engine.errors import ExportError
from nnsize_engine.export import draw_chart
from nnsize_engine.export.atomic_file import TargetExistsError
from nnsize_engine.export.chart_file import ChartName, charts_of, export_chart, export_compared_chart
from nnsize_engine.processes.install_hint import install_hint
from nnsize_engine.settings.search import SizeSettings
from support.made_runs import EVOLUTION, GRID, LAYERED, MANY, SMALL, made_run, make_evolution


def test_a_curve_becomes_a_png_by_a_process_of_its_own(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "zibiro")
    export_chart(folder, tmp_path / "curve.png")
    content = (tmp_path / "curve.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    with pytest.raises(TargetExistsError):
        export_chart(folder, tmp_path / "curve.png")
    with pytest.raises(ExportError, match="run zibiro has only one dimension, which makes a curve and no map"):
        export_chart(folder, tmp_path / "map.png", name="map")
    assert not (tmp_path / "map.png").exists()


@pytest.mark.parametrize(
    ("settings", "name", "words"),
    [
        (
            GRID,
            "curve",
            ["neurons", "± standard error", "recommended", "activation, alpha", "tanh 0.001", "threshold"],
        ),
        (GRID, "map", ["alpha", "tanh", "accuracy", "best 34 tanh 0.001"]),
        (LAYERED, "curve", ["32x16"]),
        (LAYERED, "map", ["layer 1", "layer 2", "best 32x16"]),
        (MANY, "curve", ["best of each size"]),
    ],
)
def test_what_a_search_compares_is_named_in_the_picture(
    settings: SizeSettings, name: ChartName, words: list[str], tmp_path: Path
) -> None:
    folder = made_run(tmp_path, "zibiro", settings, is_surface=True)
    assert charts_of(folder) == ("curve", "map", "parameters")
    picture = draw_chart.draw([folder], name, "svg").decode()
    assert picture.startswith("<?xml")
    for word in ["iris, run zibiro", *words]:
        assert word in picture
    assert draw_chart.draw([folder], name, "svg").decode() == picture


def test_networks_that_are_no_grid_have_no_map_as_in_the_explorer(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "zibiro", replace(SMALL, neurons="8,16,64x32"))
    assert charts_of(folder) == ("curve",)
    with pytest.raises(ExportError, match="has only one dimension"):
        draw_chart.draw([folder], "map", "svg")


def test_an_evolution_shows_how_it_converged(tmp_path: Path) -> None:
    folder = make_evolution(tmp_path, "zibiro")
    assert charts_of(folder) == ("curve",)
    picture = draw_chart.draw([folder], "curve", "svg").decode()
    for word in ("best", "mean", "± std", "held-out", "gradient 0.0900 in 0.40s", "generation", "log_loss (log)"):
        assert word in picture
    with pytest.raises(ExportError, match="is an evolution, which has a curve and no map"):
        draw_chart.draw([folder], "map", "svg")


def test_the_curves_of_several_searches_are_drawn_together(tmp_path: Path) -> None:
    folders = [made_run(tmp_path, "zibiro", SMALL), made_run(tmp_path, "fomule", replace(SMALL, seed=42))]
    export_compared_chart(folders, tmp_path / "both.svg")
    picture = (tmp_path / "both.svg").read_text()
    for word in ("iris: zibiro, fomule", "neurons", "accuracy"):
        assert word in picture
    layered = made_run(tmp_path, "layers", replace(LAYERED, cv=SMALL.cv), is_surface=True)
    assert "weights" in draw_chart.draw([folders[0], layered], "curve", "svg").decode()
    with pytest.raises(ExportError, match="no curve in common"):
        draw_chart.draw([folders[0], make_evolution(tmp_path, "zelodo")], "curve", "png")
    new = [made_run(tmp_path, name, SMALL, state="running", fits=0) for name in ("new", "young")]
    with pytest.raises(ExportError, match="these runs have no scores to draw yet"):
        draw_chart.draw(new, "curve", "png")


def test_the_curves_of_several_evolutions_are_drawn_by_evaluations(tmp_path: Path) -> None:
    folders = [
        make_evolution(tmp_path, "zelodo", EVOLUTION),
        make_evolution(tmp_path, "tinabo", replace(EVOLUTION, members=60)),
    ]
    picture = draw_chart.draw(folders, "curve", "svg").decode()
    for word in ("iris: zelodo, tinabo", "evaluations", "best log_loss", "held-out log_loss"):
        assert word in picture
    decayed = make_evolution(tmp_path, "gadepu", replace(EVOLUTION, weight_decay=0.1))
    assert "best log_loss w/o decay" in draw_chart.draw([folders[0], decayed], "curve", "svg").decode()


def test_a_run_under_way_is_drawn_as_far_as_it_is(tmp_path: Path) -> None:
    assert draw_chart.draw([made_run(tmp_path, "going", state="running", fits=5)], "curve", "svg")
    for folder in (
        made_run(tmp_path, "new", state="running", fits=0),
        make_evolution(tmp_path, "born", state="running", generations=-1),
    ):
        with pytest.raises(ExportError, match=r"has no .* to draw yet"):
            draw_chart.draw([folder], "curve", "svg")


def test_without_matplotlib_one_sentence_says_how_to_install_it(tmp_path: Path) -> None:
    folder = made_run(tmp_path, "zibiro")
    hidden = "import sys; sys.modules['matplotlib'] = None"
    program = f"{hidden}; from nnsize_engine.export import draw_chart; sys.exit(draw_chart.main(sys.argv))"
    done = subprocess.run(
        [sys.executable, "-c", program, "png", "curve", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"pictures of charts need matplotlib, which is missing; {install_hint('pictures')}\n"
