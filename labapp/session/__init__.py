"""One sitting at the bench: readings fanned out, plotted and kept."""
