"""The glossary that the guide and the help of the explorer show."""

GLOSSARY: tuple[tuple[str, str], ...] = (
    (
        "candidate",
        "One network that a search judges: its hidden layers, such as 64 or 64x32 neurons, and its other parameters.",
    ),
    ("fit", "One training of one candidate on the training part of one fold."),
    (
        "fold",
        "One of k equal parts of the training rows, in k-fold cross-validation. A network is trained on the other "
        "parts and scored on this one.",
    ),
    (
        "repeat",
        "One pass over all folds with one seed of the networks. With R repeats, every fold is trained with R seeds.",
    ),
    ("split", "One fold in one repeat; split0_test_score is the score of the first one."),
    (
        "score",
        "How well a network predicts rows that it was not trained on, by the scoring, such as roc_auc. Bigger is "
        "better.",
    ),
    (
        "standard error",
        "How uncertain a mean score is: the standard deviation of the folds' scores (n - 1 in the divisor), divided by "
        "the square root of the number of folds. Its unit is that of the score.",
    ),
    ("best", "The candidate with the largest mean score, as in scikit-learn's GridSearchCV."),
    (
        "recommended",
        "The smallest candidate whose smoothed score is close to the best smoothed score: at most a quarter of its "
        "standard error below, and at most a tenth of the curve's range. The curve is smoothed over the logarithm of "
        "the number of neurons.",
    ),
    (
        "test rows",
        "Rows set aside before anything is trained (test-size). The final networks are scored on them once, at the "
        "end. With test-size 0 there are none, and no test score.",
    ),
    ("epoch", "One pass of gradient training over its rows."),
    (
        "weight decay",
        "A penalty on large weights: a factor times half the sum of squared weights, added to the loss. In "
        "scikit-learn the factor is alpha, and the sum is divided by the number of rows.",
    ),
    (
        "early stopping",
        "Training ends when the held-out rows show no improvement for a while, and keeps the best weights until then.",
    ),
    (
        "held-out rows",
        "A share of the training rows that training does not see (validation-fraction). They tell when it overfits.",
    ),
    ("strategy", "The algorithm that makes and accepts trials in an evolution, such as best1bin or shade."),
    (
        "generation",
        "One step of an evolution: every member meets one trial, and the trial replaces it if it is no worse.",
    ),
    ("member", "One network of the population, as a vector of all its weights and biases."),
    ("popsize", "Members per weight, as SciPy means it: 5 makes five members for each weight of the network."),
    ("fitness", "What evolution improves: a loss, which it minimises, or a scoring, which it maximises."),
    (
        "mutation",
        "The factor F of the difference between members that is added to make a trial; a number from 0 to below 2.",
    ),
    ("recombination", "The chance CR, from 0 to 1, that a weight of a trial comes from the mutation; also: crossover."),
    (
        "reference",
        "A model to compare with. Of a search: a dummy that ignores the inputs, a linear model and boosted trees, on "
        "the same folds. Of an evolution: the same network trained by gradient on the same rows.",
    ),
    ("run", "One search or one evolution: its settings, results and log, in a folder of its own."),
    (
        "runner",
        "The background process that computes a run. It goes on when the explorer or the connection ends. While it is "
        "alive but cannot go on, as on a full disk, the run is stalled.",
    ),
    ("explorer", "nnsize-tui, the program that shows runs in a terminal. It computes nothing itself."),
)
"""Each term with its meaning, in the order in which a newcomer meets them."""
