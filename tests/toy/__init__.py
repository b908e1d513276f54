"""A capability of the tests alone: the core is proved by it, whatever the product's capabilities do.

One toy has two processes at once, an inspection and a recall. Each asks the toy's owner, a person without an
organization, reminds after three days, and ends with the answer or when it is withdrawn.
"""
