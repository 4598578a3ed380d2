"""Help texts of settings, shared by the commands and the setup screen.

The keys are the fields of the settings. A text does not tell how several values are entered: on the command line an
option is repeated, in a field of a screen names are joined by commas.
"""

from collections.abc import Mapping
from types import MappingProxyType

TABLE_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "target": "The column to predict; empty for the last one. Several, joined by commas, for numbers or labels.",
        "task": "Classes or numbers; inferred from the target by default.",
        "ignore": "Columns to leave out, such as ids and copies of the target.",
        "sample_weight": "The column that tells how much each row counts in training; it is no input.",
        "sample": "Number of rows to draw; classes keep their shares.",
        "categorical": "Columns whose texts are labels, even if they look like numbers, dates or times.",
        "missing": "All texts that mean 'no value', besides an empty cell. Usual ones: NA, NaN, None, null, ?.",
        "keep_na": "Take no text for a missing value, so that a class called None or NA survives.",
        "positive": "The label of two to look for; it becomes 1, the other 0.",
        "decimal": "The decimal sign of the file's numbers: a point or a comma.",
        "thousands": "The sign between groups of three digits, such as ',' in 1,234.",
        "day_first": "Whether dates such as 01/02/1980 begin with the day.",
        "date_format": "The format of dates, as strftime takes it, such as %d.%m.%Y.",
        "separator": "The character between two cells of a text file, such as ';' or tab; whitespace: any blanks.",
        "groups": "The column of what belongs together, such as a patient; whole groups are tested. No input.",
        "order_by": "The column that orders the rows, such as a date; the last rows are tested. No input.",
        "fitness_groups": "The column, such as a hospital, over whose values a fitness is averaged. No input.",
        "encoding": "Encoding of a text file, such as utf-8, cp1252 or latin-1.",
        "header": "The lines above the values: names, units (names and a line of units below them) or none.",
        "skip": "Number of lines before the header that are skipped.",
        "comment": "The sign that begins a comment, up to the end of its line, such as '#'.",
        "min_class_rows": "Rows that a class needs; rarer classes are left out, or joined with other.",
        "joins_rare": "Join rare classes into one class called other, instead of leaving them out.",
        "is_strict": "Refuse columns that are empty, constant or have over 1,000 labels, instead of leaving them out.",
    }
)

SPLIT_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "test_size": "Rows for the final test: a fraction of the rows, or their number; 0 trains on all rows.",
        "split_seed": "random_state of the split into training and test rows.",
        "stratify": "Keep the share of each class in training and test rows.",
        "target_scale": "Scaling of numbers to predict, by training rows: standard, log (log1p, then standard), none.",
    }
)

CLUSTER_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "cluster": (
            "Where to compute: tcp://HOST:8786 or a scheduler file of Dask, local:4, a queue such as slurm; none is "
            "this machine."
        ),
        "workers": "Workers of the cluster: 40, or the fewest and the most, 2:40.",
        "cluster_wait": "Seconds to wait for the first workers.",
    }
)

SEARCH_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "neurons": "Hidden-layer sizes: auto finds them; 5:100:2 (the end is left out), 8,16,32, log:4:512:8; 64x32.",
        "max_neurons": "The largest size that neurons auto may try.",
        "race": "Drop sizes that can no longer be the best, to save their fits; neurons auto always does.",
        "cv": (
            "Folds, as GridSearchCV(cv=...) makes them; or kfold:5, stratified:5 (:shuffle may follow), repeated:5x3, "
            "group:5, stratified-group:5 (with groups), time:5."
        ),
        "fold_rounds": "Rounds of folds; each after the first shuffles the rows before it divides them.",
        "repeats": "Number of seeds of each fit (seed, seed+1, ...), to see how much of a score is luck.",
        "references": "Compare with simple models on the same folds: a dummy, a linear model, boosted trees.",
        "scoring": "The scikit-learn scoring that decides; further ones, joined by commas, are computed beside it.",
        "seed": "random_state of the networks.",
        **SPLIT_TEXTS,
        "scaler": "Scaling of the inputs, by training rows: standard, robust, quantile, minmax, or none.",
        "class_weight": "balanced lets every class count the same in training, however rare; scores stay unweighted.",
        "jobs": "Number of fits at a time; -1: one on each processor, -2: one processor is left free.",
        **CLUSTER_TEXTS,
        "precision": "float64 gives scikit-learn's scores; float32 is faster and near them.",
    }
)

NETWORK_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "activation": "relu, tanh, logistic or identity.",
        "alpha": "Strength of the L2 penalty.",
        "learning_rate_init": "The first step size.",
        "batch_size": "Rows per step; auto is 200, or all rows if fewer.",
        "max_iter": "Largest number of epochs.",
        "solver": "adam, sgd or lbfgs (which scikit-learn itself trains).",
        "early_stopping": "Stop by the score on held-out training rows.",
        "validation_fraction": "Share of rows held out for early stopping.",
        "n_iter_no_change": "Stop after more than this many epochs without improvement.",
        "tol": "An epoch that improves by less counts as no improvement.",
        "shuffle": "Visit the rows in a new order in every epoch.",
        "beta_1": "Decay of adam's mean of gradients.",
        "beta_2": "Decay of adam's mean of squared gradients.",
        "epsilon": "Keeps adam from dividing by zero.",
        "learning_rate": "Schedule of sgd's step: constant, invscaling or adaptive.",
        "momentum": "Share of the last step that sgd adds to the next.",
        "nesterovs_momentum": "Let sgd look ahead along its momentum.",
        "power_t": "Exponent of invscaling.",
        "max_fun": "Largest number of loss evaluations of lbfgs.",
        "loss": "For regression: squared_error or poisson.",
    }
)
"""Parameters of scikit-learn's networks, the most important first; a search sets hidden layers and seed itself."""

EVOLUTION_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "layers": "Neurons of each hidden layer, first to last: 64,32.",
        "activation": "Activation of hidden neurons: relu, tanh, logistic, identity, or step, which has no gradient.",
        "fitness": (
            "The measure on the training rows: log_loss, squared_error, a scoring, cost, fbeta:2, quantile:0.9; "
            "or MODULE:FUNCTION, which runs your code."
        ),
        "cost": "Cost matrix of fitness cost: a CSV file, or '0,1;5,0'. Rows: true classes; columns: predicted ones.",
        "bits": "Round all weights and biases to 8, 4, 2 or 1 bits, layer by layer, in every evaluation.",
        "weight_decay": "Factor of half the sum of squared weights, added to a loss or subtracted from a score.",
        "strategy": (
            "SciPy's names, jade, shade, lshade, or a family such as sep-cma-es; auto recommends one. Several, joined "
            "by commas, are compared."
        ),
        "mutation": "Scale of difference vectors (F): 0.7, or a range to draw from, 0.5:1.",
        "recombination": "Chance that a weight comes from the mutant (CR).",
        "popsize": "Members per weight, as in SciPy; unused if members is given.",
        "members": "Networks in the population, for any number of weights.",
        "step": "First step size in units of the Glorot limit; not for differential evolution.",
        "generations": (
            "Largest number of generations after the first population; any number if evaluations or seconds are given."
        ),
        "evaluations": "Largest number of evaluations; no generation begins that would exceed it.",
        "seconds": "Seconds of computing after which no further generation begins.",
        "init": (
            "The first population: latinhypercube, sobol, halton, random, glorot, FILE.npy; or its first member: an "
            "exported network (.npz, .skops) or a run."
        ),
        "bounds": "Limits of the weights: -1:1, one a layer -2:2,-1:1,-1:1, or glorot:3.",
        "tol": "Stop when the deviation of the fitness is at most this, relative to its mean. 0: never.",
        "atol": "The same as tol, but absolute.",
        "repeats": "Seeds of each strategy (seed, seed+1, ...), to see how much of a result is luck.",
        "seed": "Seed of all random numbers.",
        "batch_size": "Rows of a mini-batch, on which members are compared.",
        "batch_generations": "Generations between two draws of a mini-batch.",
        "restart_after": "Generations without a better member after which a new population is drawn; the best is kept.",
        "validation_fraction": (
            "Share of the training rows that evolution does not see; the best member is scored on them. 0: none."
        ),
        "early_stopping": "Stop by the held-out rows, and keep the best member on them; needs a validation-fraction.",
        "n_iter_no_change": "Generations without a better member on the held-out rows after which to stop.",
        "p_best": "Share of best members that current-to-pbest strategies move towards.",
        "archive": "Replaced parents that these strategies keep, as a multiple of the members.",
        "memory": "Successful means that shade and lshade remember.",
        "scoring": "The training and test score of the final network; it decides nothing.",
        **SPLIT_TEXTS,
        "scale": "Standardise the inputs.",
        "reference": "Train the same network by gradient, for comparison.",
        "jobs": "Number of threads, which changes no result; -1: one a processor, -2: one processor is left free.",
        **CLUSTER_TEXTS,
        "precision": "Precision of weights in evolution; final scores are always float64.",
    }
)
