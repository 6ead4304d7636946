"""What only the compiler answers: calls of these, in the files beside this one, are decided while a call is typed."""


def refuse(why):
    """This call is not compiled with these types, for the reason given."""
    raise NotImplementedError(why)


def known(value):
    """Whether a value is known when the call is compiled."""
    raise NotImplementedError(value)
