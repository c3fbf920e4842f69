"""What holds for every property: the clock does not judge it, and the suite of every day tries a moderate number of examples."""

from hypothesis import settings

# A machine at work on other things, or a kernel being compiled, would fail a property that is right. Tests of speed count processor time.
settings.register_profile("dawsos", deadline=None, max_examples=30)
settings.load_profile("dawsos")
