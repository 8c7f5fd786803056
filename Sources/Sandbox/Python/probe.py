"""Says which files this Python consists of: run by the server, outside of the sandbox, to know what to show inside.

Prints JSON: "version", "executable", "folders", "files", and "links", pairs of a target and the link that leads to it.
"""

import ctypes
import json
import os
import struct
import sys
import sysconfig


def loader(path):
    """The loader that an ELF file names; None where it is none."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if head[:4] != b"\x7fELF" or head[4] != 2:
        return None
    offset, size, count = struct.unpack_from("<Q", head, 32)[0], *struct.unpack_from("<HH", head, 54)
    for index in range(count):
        kind, _, start, _, _, length = struct.unpack_from("<IIQQQQ", head, offset + index * size)
        if kind == 3:
            return head[start : start + length - 1].decode()
    return None


# What wants a terminal or a network, or what Python does without. Each library that is shown takes its time at every
# start; those of these stay outside, so they cannot be imported inside.
LEFT_OUT = ("_crypt", "_curses", "_curses_panel", "_dbm", "_gdbm", "_tkinter", "_uuid", "nis", "readline")


def links_to(path, folders={}):
    """The links beside a library that programs know it by."""
    folder = os.path.dirname(path)
    if folder not in folders:
        links = folders[folder] = {}
        for entry in os.scandir(folder):
            if entry.is_symlink() and not entry.name.endswith(".so"):
                links.setdefault(os.path.realpath(entry.path), []).append(entry.path)
    return folders[folder].get(path, [])


executable = os.path.realpath(sys.executable)
folders = sorted({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")})
for folder in folders:
    extensions = os.path.join(folder, "lib-dynload")
    if os.path.isdir(extensions):
        for name in os.listdir(extensions):
            if name.startswith(tuple(left + "." for left in LEFT_OUT)):
                continue
            try:
                ctypes.CDLL(os.path.join(extensions, name))
            except OSError:
                pass  # What cannot be loaded here cannot be loaded inside.

with open("/proc/self/maps") as maps:
    mapped = {line.split(None, 5)[5].rstrip("\n") for line in maps if "/" in line}
libraries = sorted(
    path
    for path in mapped
    if ".so" in os.path.basename(path) and os.path.isfile(path) and not any(path.startswith(f + "/") for f in folders)
)
files = list(libraries)
links = [[library, link] for library in libraries for link in links_to(library)]
start = loader(executable)
if start:
    place = os.path.join(os.path.realpath(os.path.dirname(start)), os.path.basename(start))
    if os.path.realpath(start) not in files:
        files.append(os.path.realpath(start))
    if place not in files and [os.path.realpath(start), place] not in links:
        links.append([os.path.realpath(start), place])
if any(not library.startswith(("/lib", "/usr/lib/")) for library in libraries) and os.path.exists("/etc/ld.so.cache"):
    files.append("/etc/ld.so.cache")
if os.path.isdir("/usr/share/zoneinfo"):
    folders.append("/usr/share/zoneinfo")
print(
    json.dumps(
        {
            "version": ".".join(map(str, sys.version_info[:3])),
            "executable": executable,
            "folders": folders,
            "files": files,
            "links": links,
        }
    )
)
