"""Help texts of settings, shared by the commands and the setup screen.

The keys are the fields of the settings. A text does not tell how several values are entered: on the command line an
option is repeated, in a field of a screen names are joined by commas.
"""

from collections.abc import Mapping
from types import MappingProxyType

TABLE_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "target": "The column to predict; empty for the last one. Several, joined by commas, for numbers only.",
        "task": "Classes or numbers. Inferred from the target unless you say otherwise.",
        "ignore": "Columns that the network does not see: ids, copies of the target.",
        "sample": "Draw so many rows, classes in their shares.",
        "categorical": "Columns whose values are categories, whatever they look like.",
        "missing": "Texts that mean 'no value', besides the usual ones (empty, NA, NaN, null).",
        "positive": "Of two labels the one to look for; it becomes 1, the other 0.",
        "decimal": "The sign in the file's numbers: a point or a comma.",
        "separator": "The character between two cells of a text file, such as ';' or tab.",
        "encoding": "Of a text file, such as utf-8, cp1252 or latin-1.",
    }
)

SPLIT_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "test_size": "Held out for one final test: a fraction of the rows, or a number of rows.",
        "split_seed": "random_state of the split into training and test rows.",
        "stratify": "Whether training and test rows keep the share of each class.",
    }
)

SEARCH_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "neurons": "Hidden-layer sizes: 5:100:2 (the end is left out), 8,16,32, log:4:512:8; two layers 64x32.",
        "cv": "Folds of the cross-validation, as GridSearchCV(cv=...) makes them.",
        "repeats": "Every fit with so many seeds (seed, seed+1, ...): shows how much of the score is luck.",
        "scoring": "The scikit-learn score that decides; only those that fit the task. Bigger is better.",
        "seed": "random_state of the networks.",
        **SPLIT_TEXTS,
        "jobs": "Fits at a time.",
        "precision": "float64 gives scikit-learn's scores; float32 is faster and near them.",
    }
)

NETWORK_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "activation": "relu, tanh, logistic or identity.",
        "alpha": "Strength of the L2 penalty.",
        "learning_rate_init": "The first step size.",
        "batch_size": "Rows per step; auto is 200, or all rows if fewer.",
        "max_iter": "Most epochs.",
        "solver": "adam, sgd or lbfgs (which scikit-learn itself trains).",
        "early_stopping": "Stop by the score on held-back training rows.",
        "validation_fraction": "Share of rows held back for early stopping.",
        "n_iter_no_change": "Stop after more than this many epochs without improvement.",
        "tol": "An epoch that improves by less counts as none.",
        "shuffle": "Visit the rows in another order every epoch.",
        "beta_1": "Decay of adam's mean of gradients.",
        "beta_2": "Decay of adam's mean of squared gradients.",
        "epsilon": "Keeps adam from dividing by zero.",
        "learning_rate": "How sgd's step changes: constant, invscaling or adaptive.",
        "momentum": "Share of the last step that sgd keeps.",
        "nesterovs_momentum": "Let sgd look ahead along its momentum.",
        "power_t": "Exponent of invscaling.",
        "max_fun": "Most loss evaluations of lbfgs.",
        "loss": "For regression: squared_error or poisson.",
    }
)
"""Parameters of scikit-learn's networks, the most important first; a search sets hidden layers and seed itself."""

EVOLUTION_TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "layers": "Neurons of each hidden layer, first to last: 64,32.",
        "activation": "Of hidden neurons: relu, tanh, logistic or identity.",
        "fitness": "What decides on the training rows: log_loss or squared_error, minimised; a scoring, maximised.",
        "weight_decay": "Times half the sum of squared weights: added to the loss, or taken from the score.",
        "strategy": "SciPy's names; jade, shade and lshade adapt themselves; auto: recommended settings of everything.",
        "mutation": "Scale of difference vectors (F): 0.7, or a range to draw from, 0.5:1.",
        "recombination": "Chance that a weight comes from the mutant (CR).",
        "popsize": "Members per weight, as SciPy means it; unless members is given.",
        "members": "Networks in the population, whatever the number of weights.",
        "generations": "Most generations after the first population; it may converge before.",
        "init": "The first population: latinhypercube, sobol, halton, random, glorot; or FILE.npy, members by weights.",
        "bounds": "Limits of the weights: -1:1, one a layer -2:2,-1:1,-1:1, or glorot:3.",
        "tol": "Stop when the fitness spreads by no more than this, relative to its mean. 0: never.",
        "atol": "The same, absolute.",
        "seed": "Of every random number.",
        "batch_size": "Compare on a mini-batch of so many rows.",
        "batch_generations": "Generations between two draws of a mini-batch.",
        "restart_after": "Draw a new population, keeping the best, after so many generations without a better one.",
        "validation_fraction": (
            "Share of the training rows that evolution does not see, to watch the best member on. 0: none."
        ),
        "early_stopping": "Stop by those rows, and keep what was best there; needs a validation-fraction.",
        "n_iter_no_change": "Generations without a better one on the held-back rows before early-stopping stops.",
        "p_best": "Share of best members that current-to-pbest strategies move towards.",
        "archive": "Replaced parents that those remember, as a multiple of the members.",
        "memory": "Successful means that shade and lshade remember.",
        "scoring": "The training and test score of the final network; it decides nothing.",
        **SPLIT_TEXTS,
        "scale": "Standardise the inputs.",
        "reference": "Train the same network by gradient too, for comparison.",
        "jobs": "Threads; changes no result.",
        "precision": "Of weights while evolving; final scores are always float64.",
    }
)
