"""What the system believes of a listener: the numbers of the list maker, their sources, edits."""
