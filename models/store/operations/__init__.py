"""The running system itself: health, figures, rebuilding, restoring."""
