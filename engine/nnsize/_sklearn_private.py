"""Everything private of scikit-learn that the estimators use; scikit-learn's version is pinned because of it.

Its public functions do not check parameters and sample weights as its own estimators do, and an estimator that was
trained by ours continues with `partial_fit` in scikit-learn only if it holds scikit-learn's optimizer.
"""

from sklearn.base import _fit_context as checks_parameters
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer
from sklearn.utils.multiclass import _check_partial_fit_first_call as is_first_partial_fit
from sklearn.utils.validation import _check_sample_weight as check_sample_weight

__all__ = ["AdamOptimizer", "SGDOptimizer", "check_sample_weight", "checks_parameters", "is_first_partial_fit"]
