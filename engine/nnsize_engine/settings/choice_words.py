"""A line of words on each value of a setting that is one of a few: for lists, help and completions.

Texts that are no closed list, such as folds, have the usual ones here.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

Choices = Sequence[tuple[str, str]]
"""Values of a setting, each with a line of words."""

ACTIVATION_WORDS: Choices = (
    ("relu", "max(0, x): the usual one, and the fastest"),
    ("tanh", "from -1 to 1, smooth; often better for few neurons"),
    ("logistic", "the sigmoid, from 0 to 1; learns more slowly"),
    ("identity", "x: a linear model, whatever the number of neurons"),
)
_STEP: Choices = (("step", "1 for a positive sum, else 0: it has no gradient, evolution needs none"),)

_YES_NO = ("no", "yes")


def _switch(no: str, yes: str) -> Choices:
    return tuple(zip(_YES_NO, (no, yes), strict=True))


_SPLIT: Mapping[str, Choices] = MappingProxyType(
    {
        "stratify": _switch("test rows are drawn at random", "test rows keep the share of each class"),
        "target_scale": (
            ("standard", "less the mean, divided by the deviation, of the training rows: the usual one"),
            ("log", "log(1 + target), then standard: for prices, counts and other skewed targets"),
            ("none", "the numbers as they are: scikit-learn's own"),
        ),
    }
)

_TABLE: Mapping[str, Choices] = MappingProxyType(
    {
        "task": (
            ("inferred", "texts and few whole numbers are classes, others are numbers to predict"),
            ("classification", "the target's values are classes, also if they are numbers"),
            ("regression", "the target's values are numbers to predict"),
        ),
        "keep_na": _switch("NA, null and such words are missing values", "they are values, such as a class called NA"),
        "joins_rare": _switch("rows of rare classes are left out", "rare classes are joined into one called other"),
        "is_strict": _switch(
            "empty and constant columns are left out, with a word", "such columns are refused, and nothing starts"
        ),
        "decimal": (
            ("found out", "by the file's numbers"),
            ("point", "3.14"),
            ("comma", "3,14"),
        ),
        "thousands": (
            ("", "found out by the file's numbers"),
            (",", "1,234"),
            (".", "1.234"),
            ("'", "1'234"),
        ),
        "day_first": (
            ("found out", "by the file's dates"),
            ("no", "01/02/1980 is the second of January"),
            ("yes", "01/02/1980 is the first of February"),
        ),
        "separator": (
            ("", "found out by the file's first lines"),
            (",", "comma"),
            (";", "semicolon"),
            ("tab", "tab"),
            ("|", "vertical bar"),
            ("whitespace", "any blanks"),
        ),
        "encoding": (
            ("", "found out"),
            ("utf-8", "most files of today"),
            ("cp1252", "Western European, of Windows"),
            ("latin-1", "Western European, older"),
            ("utf-16", "of Windows, two bytes each"),
        ),
        "header": (
            ("found out", "by comparing the first lines with those below"),
            ("names", "one line with the names of the columns"),
            ("units", "a line of names, and below it a line of units"),
            ("none", "no header: columns are called by their number"),
        ),
        "comment": (
            ("", "found out"),
            ("#", "from # to the end of the line"),
            ("%", "from % to the end of the line"),
            ("none", "no comments"),
        ),
    }
)

_PRECISION: Choices = (
    ("float64", "scikit-learn's scores, to the last digits"),
    ("float32", "faster, with half the memory; scores are near, not equal"),
)

_CLUSTER: Choices = (
    ("none", "this machine alone"),
    ("local:2", "two workers on this machine"),
    ("slurm", "jobs of a queue; also pbs, sge, lsf, htcondor"),
    ("tcp://HOST:8786", "a Dask scheduler that runs already: type its address"),
)

NETWORK_CHOICES: Mapping[str, Choices] = MappingProxyType(
    {
        "activation": ACTIVATION_WORDS,
        "solver": (
            ("adam", "adapts the step of each weight: the usual one"),
            ("sgd", "one step size with momentum; slower, sometimes better after tuning"),
            ("lbfgs", "whole-data steps: good for few rows; scikit-learn trains it, more slowly here"),
        ),
        "alpha": (
            ("0.0001", "scikit-learn's default"),
            ("log:1e-5:1e-1:5", "five strengths from 0.00001 to 0.1, evenly by factor"),
        ),
        "learning_rate_init": (
            ("0.001", "scikit-learn's default"),
            ("log:1e-4:1e-2:5", "five steps from 0.0001 to 0.01, evenly by factor"),
        ),
        "batch_size": (
            ("auto", "200 rows a step, or all if fewer: scikit-learn's default"),
            ("32", "more and smaller steps: slower, often better"),
            ("128", "between both"),
        ),
        "max_iter": (
            ("200", "scikit-learn's default"),
            ("500", "for trainings that have not settled at 200"),
        ),
        "early_stopping": _switch("train until the loss settles", "stop by the score on held-out training rows"),
        "shuffle": _switch("every epoch visits the rows in the same order", "a new order in every epoch: the default"),
        "learning_rate": (
            ("constant", "the step of sgd stays: the default"),
            ("invscaling", "it shrinks with the number of steps, by the power power-t"),
            ("adaptive", "it is divided by five when the loss stops falling"),
        ),
        "nesterovs_momentum": _switch("plain momentum", "sgd looks ahead along its momentum: the default"),
        "loss": (
            ("squared_error", "of regression: the usual one"),
            ("poisson", "of regression: for counts, which are not negative"),
        ),
    }
)
"""Values of the parameters of a network; a search takes several of each."""

SEARCH_CHOICES: Mapping[str, Choices] = MappingProxyType(
    {
        **_TABLE,
        **_SPLIT,
        **NETWORK_CHOICES,
        "neurons": (
            ("auto", "recommended: doubles sizes while scores rise, drops what cannot win"),
            ("5:100:2", "5, 7, ... 99: article 1's 48 sizes"),
            ("log:4:512:8", "eight sizes from 4 to 512, evenly by factor"),
            ("8,16,32,64", "four sizes"),
            ("16,32,16x8,32x16", "one and two hidden layers"),
        ),
        "cv": (
            ("5", "five folds, as GridSearchCV makes them; stratified for classes"),
            ("10", "ten folds: twice the time, a smaller error"),
            ("stratified:5:shuffle", "five folds of shuffled rows, with the share of each class"),
            ("repeated:5x3", "five folds, three times, shuffled anew: three times the time"),
            ("kfold:5", "five folds in the order of the rows"),
            ("group:5", "whole groups are left out; needs the field groups"),
            ("stratified-group:5", "whole groups, with the share of each class; needs groups"),
            ("time:5", "later rows are predicted from earlier ones; needs rows in order of time"),
        ),
        "repeats": (
            ("1", "one seed: the luck of the first weights stays in the scores"),
            ("3", "three seeds of each fit: three times the time"),
            ("5", "five seeds: five times the time, and the spread over seeds is known"),
        ),
        "precision": _PRECISION,
        "race": _switch("every size has all its folds", "sizes that can no longer be the best are dropped early"),
        "references": _switch(
            "networks alone", "a dummy, a linear model and boosted trees on the same folds: a few fits more"
        ),
        "scaler": (
            ("standard", "less the mean, divided by the deviation: the usual one"),
            ("robust", "by median and quartiles: outliers do not count"),
            ("quantile", "each input becomes its rank: for skewed inputs"),
            ("minmax", "from 0 to 1"),
            ("none", "the inputs as they are"),
        ),
        "class_weight": (
            ("none", "every row counts the same"),
            ("balanced", "every class counts the same in training, however rare"),
        ),
        "cluster": _CLUSTER,
    }
)
"""Values of each setting of a search that has a list, in the order of the list."""

EVOLUTION_CHOICES: Mapping[str, Choices] = MappingProxyType(
    {
        **_TABLE,
        **_SPLIT,
        "layers": (
            ("64,32", "two hidden layers: article 2's"),
            ("16", "one hidden layer: far fewer weights, easier to evolve"),
            ("32", "one hidden layer"),
            ("32,16", "two hidden layers"),
        ),
        "init": (
            ("latinhypercube", "evenly spread in the bounds: SciPy's default"),
            ("glorot", "as gradient training begins; recommended with auto and the families"),
            ("sobol", "evenly spread by Sobol's sequence; members become a power of two"),
            ("halton", "evenly spread by Halton's sequence"),
            ("random", "drawn evenly from the bounds"),
        ),
        "bounds": (
            ("-1:1", "all weights from -1 to 1: article 2's"),
            ("glorot:10", "ten times Glorot's limits; recommended with auto and the families"),
            ("glorot:3", "three times Glorot's limits"),
        ),
        "repeats": (
            ("1", "one seed: the luck of the seed stays in the result"),
            ("5", "five seeds: five times the time, and the spread is known"),
        ),
        "activation": (*ACTIVATION_WORDS, *_STEP),
        "early_stopping": _switch("go on to the limit", "stop by the held-out rows, and keep the best member on them"),
        "scale": _switch("the inputs as they are", "less the mean, divided by the deviation, of the training rows"),
        "reference": _switch("evolution alone", "the same network is trained by gradient, too: a few seconds"),
        "precision": (
            ("float32", "faster, with half the memory; final scores are float64 in any case"),
            ("float64", "all digits"),
        ),
        "bits": (
            ("", "weights are not rounded"),
            ("8", "256 values in each layer"),
            ("4", "16 values in each layer"),
            ("2", "four values in each layer"),
            ("1", "two values in each layer"),
        ),
        "cluster": _CLUSTER,
    }
)
"""Values of each setting of an evolution that has a list, in the order of the list."""

FITNESS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "log_loss": "recommended: the loss of gradient training; every row counts, right or wrong",
        "squared_error": "recommended: the loss of gradient training for numbers",
        "cost": "mean cost of a cost matrix; needs the field cost",
        "fbeta:2": "F-beta of class 1 at its best threshold; type another beta",
        "quantile:0.9": "the pinball loss: predicts a quantile; type another one",
    }
)
"""The words on each fitness that is no scoring."""
