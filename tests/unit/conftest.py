"""What holds for every property: the clock does not judge it."""

from hypothesis import settings

# A machine at work on other things, or a kernel being compiled, would fail a property that is right. Tests of speed count processor time.
settings.register_profile("dawsos", deadline=None)
settings.load_profile("dawsos")
