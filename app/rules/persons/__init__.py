"""Who is who: matching, merging, and the one record of a person."""
