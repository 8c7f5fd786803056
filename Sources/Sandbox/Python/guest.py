"""Runs somebody's Python inside the sandbox, and says how it ended.

Started with `-c`, and with the words MODE MARK [PROGRAM ARGUMENT…] behind it. MODE is `eval` or `exec`, which run what
stands on standard input, or `file`, which runs a program. What the code prints is the process's own output. Behind all
of it, standard error gets the mark, and a line for each thing to say: `value=`, `error=`, `limit=`, values in hexadecimal.
"""

import sys


def main():
    import posix

    posix.environ.clear()
    posix.unsetenv("PWD")
    mode, mark, words = sys.argv[1], sys.argv[2], sys.argv[3:]
    said = []

    def say(name, text):
        said.append("%s=%s" % (name, text[:LONGEST].encode("utf-8", "replace").hex()))

    try:
        if mode == "file":
            run(words)
        else:
            value = evaluate(sys.stdin.buffer.read().decode("utf-8"), mode == "eval")
            if value is not None or mode == "eval":
                say("value", repr(value))
        flush()
        status = 0
    except SystemExit as end:
        status = exit_status(end.code)
    except BaseException as error:
        status = 1
        limit = limit_of(error)
        if limit is not None:
            say("limit", limit)
        try:
            text = trace(error)
        except BaseException:
            text = type(error).__name__
        error = None
        if mode == "file":
            sys.stderr.write(text)
        else:
            say("error", text)
    try:
        flush()
    except BaseException:
        status = status or 1
    output = ("\x1e" + mark + "\n" + "\n".join(said) + "\n").encode()
    while output:
        output = output[posix.write(2, output) :]
    posix._exit(status)


LONGEST = 100000


def flush():
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def run(words):
    import builtins

    sys.argv = words
    path = words[0]
    sys.path.insert(0, path.rpartition("/")[0] or "/")
    with open(path, "rb") as file:
        code = compile(file.read(), path, "exec")
    names = space()
    names["__file__"] = path
    exec(code, names)


def space():
    module = type(sys)("__main__")
    sys.modules["__main__"] = module
    return module.__dict__


def evaluate(source, is_expression):
    names = space()
    if is_expression:
        return eval(compile(source.strip(), "<expression>", "eval"), names)
    # What the module ast is made of; importing that would take as long as all the rest.
    import _ast

    tree = compile(source, "<code>", "exec", _ast.PyCF_ONLY_AST)
    last = None
    if tree.body and isinstance(tree.body[-1], _ast.Expr):
        last = _ast.Expression(tree.body.pop().value)
    exec(compile(tree, "<code>", "exec"), names)
    return None if last is None else eval(compile(last, "<code>", "eval"), names)


def exit_status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 255
    sys.stderr.write(str(code) + "\n")
    return 1


def limit_of(error):
    """The sandbox's word for what a program has used up; None where it failed by itself."""
    import errno

    if isinstance(error, MemoryError):
        return "memory"
    if not isinstance(error, OSError):
        # A thread that cannot be started says so by its message alone.
        return "processes" if isinstance(error, RuntimeError) and "start new thread" in str(error) else None
    return {
        errno.ENOSPC: "disk",
        errno.EFBIG: "file_size",
        errno.EMFILE: "open_files",
        errno.EAGAIN: "processes",
        errno.ENOMEM: "memory",
    }.get(error.errno)


def trace(error):
    import traceback

    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == "<string>":
        trace = trace.tb_next
    return "".join(traceback.format_exception(type(error), error, trace, chain=False))


main()
