"""Parts of the cluster benchmark."""
