"""The scaling of inputs."""

from typing import Literal, get_args

from nnsize_engine.errors import SettingsError

Scaler = Literal["standard", "robust", "quantile", "minmax", "none"]
"""scikit-learn's ``StandardScaler``, ``RobustScaler``, ``QuantileTransformer(random_state=0)`` or ``MinMaxScaler``,
fitted on the training rows; ``none`` leaves the inputs as they are."""

SCALERS: tuple[Scaler, ...] = get_args(Scaler)


def check_scaler(given: Scaler) -> None:
    """Refuse an unknown scaling.

    Raises:
        SettingsError: it is unknown.
    """
    if given not in SCALERS:
        raise SettingsError(f"scaler is {given!r}; it must be one of {', '.join(SCALERS)}", field="scaler")
