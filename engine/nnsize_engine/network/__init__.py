"""One small feedforward network: its parameters, its compiled training, its predictions."""
