"""Items from and to files of others: a dry run first, then all or nothing per item."""
