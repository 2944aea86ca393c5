"""A case folder: the inputs that were read, their events as Parquet, and the state that says what is committed."""
