"""Which a, b, c explain these answers? What comes out is a proposal.

`em.calibrate` takes complete and sparse answers, several groups and fixed items; `fit.calibrate`
asks girth, on complete data only, as a second opinion.
"""
