"""What the columns of each table mean, by their titles: for the help, and for the table under the cursor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

Words = Sequence[tuple[str, str]]
"""Signs and words of a screen, with their meanings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the help explains first: the field under the cursor, or the columns of a table."""

    title: str
    entries: Words


RUN_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "run": "the name of the run, which is that of its folder",
        "name": "what you call the run: N gives a name, and / finds it",
        "kind": "size: how many neurons; evolution: weights without gradients; watched: a search of scikit-learn",
        "data": "the data that it is about: built in, or a table of your own",
        "network": "the sizes of a search, or the layers of an evolution",
        "scoring": "the scoring that decides, or the fitness of an evolution",
        "method": "folds of a search, or the strategy of an evolution",
        "state": "running, paused, stopped, finished, failed, interrupted or stalled",
        "done": "the share of its fits or generations that is finished",
        "best": "the best candidate, or the generation of the best network",
        "score": "its mean score, or its fitness",
        "elapsed": "time of computing; pauses do not count",
        "left": "time that is left, estimated from what is finished",
        "started": "when the run was made, in local time",
    }
)

CANDIDATE_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "neurons": "neurons of each hidden layer: 64, or 64x32 for two layers",
        "folds": "folds that are done, of all; with the mark of a training, another one is being trained right now",
        "mean": "mean of the scores on rows left out of training, over the folds that all candidates share",
        "std": "standard deviation of these scores over the folds, with n in the divisor, as in scikit-learn",
        "std fold": "with repeats: deviation over folds of the means over seeds",
        "std seed": "with repeats: deviation over seeds of the means over folds: the luck of the first weights",
        "train": "mean score on the rows trained on; far above the mean, the network has learned by heart",
        "time": "seconds of one fit, on average",
        "rank": "1 is the largest mean score",
        "#": "of a watched search: the row of cv_results_",
        "iter": "of a halving search: the iteration; the column after it is the resource",
    }
)

GENERATION_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "gen": "the generation; with the mark of the best, the one that the evolved network is from",
        "best": "fitness of the best member, weight decay included",
        "mean": "mean fitness of all members, weight decay included",
        "spread": "standard deviation of the members' fitness",
        "held-out": "fitness of the best member on rows that evolution does not see",
        "diversity": "how far the members' weights lie apart",
        "accepted": "trials that replaced their parent, and their share of all",
        "F": "mutation that made the trials, on average: the factor of differences between members",
        "CR": "recombination that made the trials, on average: the chance that a weight comes from the mutant",
        "step": "step size in units of the Glorot limit, of strategies that have one",
        "temp": "temperature of simulated annealing: how much worse a trial may be",
        "evals": "evaluations of networks so far",
        "restarts": "new populations that were drawn so far",
        "evals/s": "evaluations a second",
        "time": "seconds of the generation",
    }
)

STRATEGY_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "strategy": "the strategy; gradient: the same network trained by gradient, for comparison",
        "seeds": "evolutions that are over, of all seeds",
        "best": "median over the seeds of the best fitness",
        "25%": "lower quartile over the seeds of the best fitness",
        "75%": "upper quartile over the seeds of the best fitness",
        "held-out": "median of the best member's fitness on rows that evolution does not see",
        "test": "median score of the networks on the test rows",
        "evals": "median number of evaluations",
        "evals/s": "evaluations a second",
        "time": "median seconds of an evolution",
    }
)

DATA_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "column": "the name in the file; the marked one is predicted, ! is suspicious",
        "type": "number, boolean, category, date or empty, as it is inferred from the values",
        "missing": "rows without a value; a network sees the mean instead, and a mark",
        "distinct": "different values",
        "inputs": "numbers that a network sees of the column, after scaling, encoding and marking what is missing",
        "from ... to": "the smallest and the largest value, or the most frequent labels",
    }
)
