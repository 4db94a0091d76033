"""The indexing service: jobs kept in the catalog, one worker that does them in order, folders that are followed."""
