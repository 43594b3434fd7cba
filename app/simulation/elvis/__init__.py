"""The case study: one person's way from the walk-in to the job, agency by agency.

The story of the presentation that the hub was made for, played in the days before today.
"""
