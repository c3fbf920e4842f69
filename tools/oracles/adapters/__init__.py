"""One adapter per area: ``answer(question)`` hands the inputs to public functions and returns their results under the keys asked for.

An adapter picks functions by the words of the title, the names of the keys and the stated convention, and passes conventions as named
parameters. It never sees an expected value and never looks at a case's id.
"""
