-- What is wrong with a job that runs; empty: nothing that is known.
ALTER TABLE jobs ADD COLUMN problem TEXT NOT NULL DEFAULT '';

-- The snapshot that the next job of this version begins with, whatever the restore strategy says; empty once it has.
-- A version's validity may be REJECTED, too: it could be planned, and its jobs failed before anything was saved.
ALTER TABLE versions ADD COLUMN begin_with TEXT NOT NULL DEFAULT '';
