"""Groups of options in the help of commands that have many."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import click

from nnsize_engine.settings.descriptions import NETWORK_TEXTS
from nnsize_engine.settings.option_names import OTHER_NAMES
from nnsize_tui.commands.short_forms import names_line, own_name

Group = tuple[str, Sequence[str]]
"""A title, and the names of parameters."""

_COLUMNS: Group = (
    "Columns of a table of yours",
    "target task positive ignore categorical sample_weight groups order_by fitness_groups column".split(),
)
_READING: Group = (
    "How the file is read",
    "separator decimal thousands day_first date_format encoding header skip comment missing keep_na".split(),
)
_ROWS: Group = ("Rows of a table of yours", "rows min_class_rows other strict".split())
_TEST_ROWS: Group = (
    "Test rows and preparation",
    "test_size split_seed stratify scale scaler target_scale class_weight".split(),
)
_COMPUTING: Group = ("Where it is computed", "jobs precision cluster workers cluster_wait".split())

THE_REST = "This run, and its output"
"""The group of options that no other group names."""

GROUPS: Mapping[str, Sequence[Group]] = MappingProxyType(
    {
        "size": (
            ("Sizes to try", "neurons max_neurons race".split()),
            ("Scores", "cv fold_rounds repeats seed scoring references".split()),
            ("The networks; several values of each are searched: 0.1,0.01", tuple(NETWORK_TEXTS)),
            _TEST_ROWS, _COLUMNS, _ROWS, _READING, _COMPUTING,
        ),
        "evolve": (
            ("The network, and what is optimized", "layers activation fitness cost weight_decay bits".split()),
            (
                "The strategy",
                "strategy mutation recombination popsize members step init bounds p_best archive memory restart_after "
                "batch_size batch_generations repeats seed".split(),
            ),
            (
                "When it ends",
                "generations evaluations seconds tol atol validation_fraction early_stopping n_iter_no_change".split(),
            ),
            ("The final networks", "scoring reference".split()),
            _TEST_ROWS, _COLUMNS, _ROWS, _READING, _COMPUTING,
        ),
        "data": (_COLUMNS, _ROWS, _READING),
    }
)  # fmt: skip
"""The groups of each command that has many options, from the one that is needed first."""


class GroupedCommand(click.Command):
    """A command with many options: its help has groups, and it takes other spellings of options."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        """Make a context that takes the names of scikit-learn, and underscores for dashes."""
        return super().make_context(info_name, args, parent, token_normalize_func=own_name(self.name or ""), **extra)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, the options group by group, and a line on further names."""
        super().format_epilog(ctx, formatter)
        for title, options in self.grouped(ctx):
            records = [record for one in options if (record := one.get_help_record(ctx)) is not None]
            if records:
                with formatter.section(title):
                    formatter.write_dl(records, col_max=26)
        name = self.name or ""
        if name in OTHER_NAMES:
            formatter.write_paragraph()
            lines = textwrap.wrap(names_line(name), formatter.width - 2, break_on_hyphens=False)
            formatter.write("".join(f"{line}\n" for line in lines))

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write nothing: the examples come before the options."""

    def grouped(self, ctx: click.Context) -> Iterator[tuple[str, list[click.Parameter]]]:
        """Yield each group with its options; the last one holds the rest."""
        left = {one.name: one for one in self.get_params(ctx) if not isinstance(one, click.Argument)}
        for title, names in GROUPS.get(self.name or "", ()):
            yield title, [left.pop(name) for name in names if name in left]
        yield THE_REST, list(left.values())
