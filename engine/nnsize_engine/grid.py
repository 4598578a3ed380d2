"""Several values for a network's parameters, each written as one short text.

==================  =======================================================================
``relu,tanh``       these
``log:1e-5:1e-1:5`` five numbers from 1e-5 to 1e-1, both included, evenly spaced by factor
``0.1:0.5:0.1``     0.1, 0.2, 0.3, 0.4: ``numpy.arange``'s meaning, the end is left out
``yes,no``          for parameters that are true or false
==================  =======================================================================
"""

Value = bool | int | float | str
"""One value of a parameter."""

Grid = tuple[tuple[str, tuple[Value, ...]], ...]
"""Searched parameters of :class:`~nnsize_engine.network.parameters.NetworkParameters` with at least two values each."""
