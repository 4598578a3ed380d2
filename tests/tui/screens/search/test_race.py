"""A search that finds its sizes: only those tried are shown, and what is out says when and why."""

from dataclasses import replace
from pathlib import Path

from nnsize_engine.answers.search_answer import answer_text
from nnsize_engine.charts.description import Points
from nnsize_engine.charts.search_chart import SearchChart
from nnsize_engine.charts.search_map import SearchMap
from nnsize_engine.charts.search_space import space_of
from nnsize_engine.export.kinds import make_table
from nnsize_engine.runs.follower import RunFollower
from nnsize_engine.settings.layer_sizes import auto_sizes
from nnsize_tui.app.explorer import ExplorerApp
from nnsize_tui.commands.report import progress_text
from nnsize_tui.screens.search.candidate_table import CandidateTable
from nnsize_tui.text.search import standing
from support.made_runs import AUTO, SMALL, made_run
from support.pilots import press, shown, until, until_shown
from support.views import size_view


def opened(folder: Path) -> ExplorerApp:
    return ExplorerApp(folder.parent, unicode=True, first=RunFollower(folder).look())


async def test_only_the_sizes_tried_are_rows_and_one_that_is_out_says_why(home: Path) -> None:
    folder = made_run(home, "zibiro", AUTO, is_surface=True)
    view = size_view(folder)
    assert view.race is not None
    dropped = view.race.dropped[0]
    for size in ((80, 24), (160, 48)):
        async with opened(folder).run_test(size=size) as pilot:
            await until_shown(pilot, "zibiro", "auto", "✓ finished", f"{view.header.done}/{view.header.done} fits 100%")
            table = pilot.app.screen.query_one(CandidateTable)
            assert [item.summary.candidate.number for item in table.items] == list(view.race.tried)
            await press(pilot, "home")
            await until_shown(pilot, "folds of 2", "out", f"out after {dropped.folds} folds")
            assert f"{dropped.behind:.4f}" in shown(pilot)
            counts = f"{len(view.race.race.active)} sizes in, {len(view.race.dropped)} out"
            assert counts in shown(pilot)


async def test_the_rows_of_what_is_out_are_found_by_that_word(home: Path) -> None:
    folder = made_run(home, "zibiro", AUTO, is_surface=True)
    view = size_view(folder)
    assert view.race is not None
    async with opened(folder).run_test(size=(160, 48)) as pilot:
        await until_shown(pilot, "zibiro")
        table = pilot.app.screen.query_one(CandidateTable)
        await press(pilot, "/", *"out", "enter")
        await until(pilot, lambda: len(table.items) == len(view.race.dropped))  # type: ignore[union-attr]


def test_a_dropped_size_has_neither_later_splits_nor_a_mean(home: Path) -> None:
    view = size_view(made_run(home, "zibiro", AUTO, is_surface=True))
    table = make_table(view, "candidates")
    sizes = [size for size in auto_sizes(64) if size in table["param_hidden_layer_sizes"]]
    assert table["param_hidden_layer_sizes"] == sizes
    assert len(sizes) < len(auto_sizes(64))
    places = [place for place, folds in enumerate(table["dropped_after"]) if folds is not None]
    assert places
    for place in range(len(sizes)):
        splits = [table[f"split{split}_test_score"][place] for split in range(5)]
        if place in places:
            folds = table["dropped_after"][place]
            assert isinstance(folds, int)
            assert None not in splits[:folds]
            assert splits[folds:] == [None] * (5 - folds)
            assert table["mean_test_score"][place] is None
            assert table["rank_test_score"][place] == len(sizes) - len(places) + 1
        else:
            assert None not in splits
            assert table["mean_test_score"][place] is not None
    fits = make_table(view, "fits")
    assert fits["random_state"] == fits["fold"]


def test_other_searches_have_no_column_for_what_is_out(home: Path) -> None:
    assert "dropped_after" not in make_table(size_view(made_run(home, "zibiro")), "candidates")
    raced = make_table(size_view(made_run(home, "zelodo", replace(SMALL, race=True))), "candidates")
    assert list(raced)[-1] == "dropped_after"


def test_while_it_runs_the_rest_is_what_the_sizes_still_in_and_the_next_ones_need(home: Path) -> None:
    view = size_view(made_run(home, "zibiro", AUTO, is_surface=True, state="running", fits=20))
    assert view.race is not None
    assert view.remaining is not None
    active = set(view.race.tried) - set(view.race.dropped)
    left = sum(5 - view.summaries[number].folds_done for number in active)
    assert len(view.race.race.possible) == 1  # the size just below the recommended one, at the end
    assert view.race.total == 20 + left + 5
    assert "so far (" in answer_text(view).lower()


GRID = replace(AUTO, grid=(("alpha", (0.001, 1.0)), ("activation", ("relu", "tanh"))), repeats=2)


async def test_a_race_under_way_says_what_is_in_and_out_and_promises_at_most(home: Path) -> None:
    view = size_view(made_run(home, "zibiro", AUTO, is_surface=True, state="running", fits=20))
    assert view.race is not None
    assert view.race.dropped
    for size in ((80, 24), (160, 48)):
        async with opened(view.folder).run_test(size=size) as pilot:
            await until_shown(pilot, "zibiro", "sizes in", "20 of at most", "left at most", "○ out")
    assert "20 of at most" in progress_text(view)
    assert standing(view)[0] == f"{len(view.race.race.active)} sizes in, {len(view.race.dropped)} out"


async def test_a_grid_of_found_sizes_has_its_pictures_with_holes(home: Path) -> None:
    folder = made_run(home, "zibiro", GRID, is_surface=True)
    view = size_view(folder)
    assert view.race is not None
    assert view.race.race.decision is not None
    assert view.race.race.decision.combinations_left < 4
    space = space_of(view.settings, [summary.candidate for summary in view.summaries])
    cells = {cell for pair in space.pairs for row in SearchMap(view, space).heat(pair, None).cells for cell in row}
    assert {"out", "absent"} < cells
    assert not {"waiting", "failed"} & cells
    for size in ((80, 24), (160, 48)):
        async with opened(folder).run_test(size=size) as pilot:
            left = view.race.race.decision.combinations_left
            await until_shown(pilot, "zibiro", f"{left} of 4 combinations", "(out)")
            table = pilot.app.screen.query_one(CandidateTable)
            assert sorted(item.summary.candidate.number for item in table.items) == list(view.race.tried)
            for _ in space.pairs:
                await press(pilot, "m")
                await until_shown(pilot, "– out")


def test_what_is_out_is_a_quiet_point_and_leaves_height_to_the_rest(home: Path) -> None:
    view = size_view(made_run(home, "zibiro", AUTO, is_surface=True))
    assert view.race is not None
    space = space_of(view.settings, [summary.candidate for summary in view.summaries])
    chart = SearchChart(view, space).chart(None)
    (out,) = [one for one in chart.series if isinstance(one, Points)]
    assert (out.label, out.role) == ("out", "axis")
    candidates = [view.summaries[number].candidate for number in view.race.dropped]
    assert sorted(float(one.hidden_layer_sizes[0]) for one in candidates) == sorted(x for x in out.x if x is not None)
    sizes = [view.summaries[number].candidate.hidden_layer_sizes[0] for number in view.tried]
    assert chart.x_limits is not None
    assert list(chart.x_limits) == [min(sizes), max(sizes)]
    means = [view.shared[number].mean for number in view.race.compared]
    assert chart.y_limits is None or all(chart.y_limits[0] < mean < chart.y_limits[1] for mean in means if mean)


def test_a_search_that_drops_nothing_is_as_it_was(home: Path) -> None:
    view = size_view(made_run(home, "zibiro"))
    assert standing(view) == []
    assert "at most" not in progress_text(view)
