extension SystemCallPolicy {
    static let files: [Group] = [
        Group(
            "opens, reads and writes files; what it may see and write is the mounts' matter",
            [
                "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "preadv2", "pwritev2",
                "openat", "close", "lseek", "ftruncate", "truncate", "fallocate", "fsync", "fdatasync", "flock",
            ]),
        Group("the same, in the older way", .legacy, ["open", "creat"]),
        Group("closes what a child shall not have", .recent, ["close_range"]),
        Group("copies files: shutil and pathlib give up where these are refused", ["sendfile", "copy_file_range"]),
        Group(
            "tells about files; extended attributes are read by copies of files",
            [
                "fstat", "newfstatat", "statx", "statfs", "fstatfs", "faccessat", "readlinkat", "getxattr",
                "lgetxattr", "fgetxattr", "listxattr", "llistxattr", "flistxattr",
            ]),
        Group("the same, in the older way", .legacy, ["stat", "lstat", "access", "readlink"]),
        Group("the same, in the newer way", .recent, ["faccessat2"]),
        Group(
            "numbers, flags and locks of open files; not leases and notices, which watch others, nor whom to signal",
            ["dup", "dup3", Call("fcntl", where: .int(1, isOneOf: FileCommand.allowed))]),
        Group("the same, in the older way", .legacy, ["dup2"]),
        Group(
            "asks whether a file is a terminal, and how much there is to read; never types into one",
            [Call("ioctl", where: .int(1, isOneOf: DeviceRequest.allowed))]),
    ]

    static let folders: [Group] = [
        Group("lists folders and moves between them", ["getdents64", "getcwd", "chdir", "fchdir", "umask"]),
        Group("the same, in the older way", .legacy, ["getdents"]),
        Group(
            "makes, moves and removes files and folders, not devices; an owner can be set to what it is, as copies do",
            [
                "mkdirat", "unlinkat", "renameat2", "linkat", "symlinkat", "fchmod", "fchmodat", "fchown", "fchownat",
                "utimensat",
            ]),
        Group(
            "the same, in the older way", .legacy,
            [
                "mkdir", "rmdir", "unlink", "rename", "renameat", "link", "symlink", "chmod", "chown", "lchown",
                "utime", "utimes",
                "futimesat",
            ]),
        Group("the same, in the newer way", .recent, ["fchmodat2"]),
    ]

    /// Commands of fcntl (linux/fcntl.h).
    private enum FileCommand {
        static let duplicate: [UInt32] = [0, 1030]  // F_DUPFD, F_DUPFD_CLOEXEC
        static let flags: [UInt32] = [1, 2, 3, 4]  // F_GETFD, F_SETFD, F_GETFL, F_SETFL
        static let locks: [UInt32] = [5, 6, 7, 36, 37, 38]  // F_GETLK, F_SETLK, F_SETLKW, F_OFD_…
        static let pipeSize: [UInt32] = [1032]  // F_GETPIPE_SZ

        static let allowed = flags + duplicate + locks + pipeSize
    }

    /// Requests of ioctl (asm-generic/ioctls.h, linux/fs.h).
    private enum DeviceRequest {
        static let isTerminal: [UInt32] = [0x5401, 0x802C_542A]  // TCGETS, TCGETS2
        static let windowSize: [UInt32] = [0x5413]  // TIOCGWINSZ
        static let readable: [UInt32] = [0x541B]  // FIONREAD
        static let flags: [UInt32] = [0x5421, 0x5450, 0x5451]  // FIONBIO, FIONCLEX, FIOCLEX
        /// FICLONE, which pathlib of Python 3.14 tries before it copies; its error must be the file system's.
        static let clone: [UInt32] = [0x4004_9409]

        static let allowed = isTerminal + windowSize + readable + flags + clone
    }
}
