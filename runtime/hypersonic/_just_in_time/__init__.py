"""Compilation at the first call, by the engine, in a process of its own; kernels are kept on disk by what they were made from.

The rooms: `signatures` says the types of arguments, `snapshot` writes down all that a function reads, `store` keeps and
finds kernels, `engine` runs the compiler, `function` is what a call goes through.
"""
