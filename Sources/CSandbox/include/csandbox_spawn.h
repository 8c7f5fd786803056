// Starts a program with nothing of this process but what is named.
#ifndef CSANDBOX_SPAWN_H
#define CSANDBOX_SPAWN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __linux__
#include <sys/resource.h>

// Swift does not see these of the system's header.
static const int CSANDBOX_LIMIT_MEMLOCK = RLIMIT_MEMLOCK;
static const int CSANDBOX_LIMIT_MSGQUEUE = RLIMIT_MSGQUEUE;
static const int CSANDBOX_LIMIT_SIGPENDING = RLIMIT_SIGPENDING;
static const int CSANDBOX_LIMIT_NPROC = RLIMIT_NPROC;
static const int CSANDBOX_LIMIT_NICE = RLIMIT_NICE;
static const int CSANDBOX_LIMIT_RTPRIO = RLIMIT_RTPRIO;
#endif

/// A resource limit, the lower and the higher one alike.
struct csandbox_limit {
    int resource;
    uint64_t value;
};

/// What is started, and how. Nothing is inherited that is not named here: no environment, no descriptor, no signal
/// handler, no working folder.
struct csandbox_spawn {
    const char *path;
    char *const *arguments;
    /// Descriptors of the child by their numbers: 0 and on.
    const int *descriptors;
    size_t descriptor_count;
    /// The groups' files by which they are joined: the child writes itself into each.
    const int *groups;
    size_t group_count;
    const struct csandbox_limit *limits;
    size_t limit_count;
    /// Whether the child becomes `user` before it starts; it cannot go back.
    int changes_user;
    uint32_t user;
    int niceness;
};

/// Starts the program.
///
/// On success gives 0, the process id, and a descriptor of the process, which is closed on exec. On failure gives
/// errno and the step that failed, a constant text; nothing runs then.
int csandbox_spawn(const struct csandbox_spawn *plan, int32_t *process, int *descriptor, const char **step);

/// Ends a process by its descriptor; gives 0 or errno.
int csandbox_kill(int descriptor);

/// A descriptor of a process, closed on exec; -1 where there is none.
int csandbox_process_descriptor(int32_t process);

/// Lowers the number of processes that the user of a process may have in its namespace; gives 0 or errno.
int csandbox_limit_processes(int32_t process, uint64_t limit);

/// A file in memory, closed on exec, that holds bytes and cannot be changed; -1 where there is none.
int csandbox_memory_file(const void *bytes, size_t count);

/// The two ends of a pipe, first the one to read; closed on exec; gives 0 or errno.
int csandbox_pipe(int ends[2]);

/// Two connected sockets, closed on exec; gives 0 or errno.
int csandbox_socket_pair(int ends[2]);

/// Writes a byte to a socket, without a signal where nobody reads it; gives 0 or errno.
int csandbox_wake(int socket);

#endif
