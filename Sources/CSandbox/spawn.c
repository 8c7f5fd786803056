#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "csandbox_spawn.h"

#include <errno.h>

#ifdef __linux__
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif

enum { STACK_SIZE = 64 * 1024, MOST_DESCRIPTORS = 16 };

/// What parent and child share: the child runs on the parent's memory until it is another program.
struct start {
    const struct csandbox_spawn *plan;
    int error;
    const char *step;
};

static int fail(struct start *start, const char *step) {
    start->error = errno != 0 ? errno : EINVAL;
    start->step = step;
    _exit(127);
}

/// Only system calls from here on: other threads of the parent may hold any lock. setresuid and its kind are called
/// past glibc, which would have all threads of the parent do the same.
static int child(void *argument) {
    struct start *start = argument;
    const struct csandbox_spawn *plan = start->plan;

    for (size_t i = 0; i < plan->group_count; i++) {
        if (write(plan->groups[i], "0", 1) != 1) fail(start, "joining the control group");
    }

    for (int number = 1; number < NSIG; number++) {
        struct sigaction action = {.sa_handler = SIG_DFL};
        sigaction(number, &action, NULL);
    }

    // First all out of each other's way, then each to its number.
    int moved[MOST_DESCRIPTORS];
    if (plan->descriptor_count > MOST_DESCRIPTORS) fail(start, "passing descriptors");
    for (size_t i = 0; i < plan->descriptor_count; i++) {
        moved[i] = fcntl(plan->descriptors[i], F_DUPFD, MOST_DESCRIPTORS);
        if (moved[i] < 0) fail(start, "passing descriptors");
    }
    for (size_t i = 0; i < plan->descriptor_count; i++) {
        if (dup2(moved[i], (int)i) < 0) fail(start, "passing descriptors");
    }
    if (syscall(SYS_close_range, (unsigned)plan->descriptor_count, ~0U, 0) != 0) fail(start, "closing descriptors");

    if (syscall(SYS_setsid) < 0) fail(start, "making a session");
    if (plan->niceness != 0) setpriority(PRIO_PROCESS, 0, plan->niceness);
    for (size_t i = 0; i < plan->limit_count; i++) {
        struct rlimit old;
        if (getrlimit(plan->limits[i].resource, &old) != 0) fail(start, "reading a limit");
        rlim_t value = plan->limits[i].value < old.rlim_max ? plan->limits[i].value : old.rlim_max;
        struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
        if (setrlimit(plan->limits[i].resource, &limit) != 0) fail(start, "setting a limit");
    }
    if (chdir("/") != 0) fail(start, "leaving the working folder");

    if (plan->changes_user) {
        if (syscall(SYS_setgroups, 0, NULL) != 0) fail(start, "leaving groups");
        if (syscall(SYS_setresgid, plan->user, plan->user, plan->user) != 0) fail(start, "changing the group");
        if (syscall(SYS_setresuid, plan->user, plan->user, plan->user) != 0) fail(start, "changing the user");
        if (syscall(SYS_setuid, 0) == 0) fail(start, "staying another user");
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail(start, "giving up privileges");
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) fail(start, "binding to the server's life");

    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    char *const environment[] = {NULL};
    execve(plan->path, plan->arguments, environment);
    fail(start, "starting the program");
    return 127;
}

int csandbox_spawn(const struct csandbox_spawn *plan, int32_t *process, int *descriptor, const char **step) {
    struct start start = {.plan = plan, .error = 0, .step = ""};
    char *stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) {
        *step = "making a stack";
        return errno;
    }
    // No handler of the parent's runs in the child while they share memory.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int process_descriptor = -1;
    pid_t id = clone(child, stack + STACK_SIZE, CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &start,
                     &process_descriptor);
    int error = id < 0 ? errno : start.error;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, STACK_SIZE);
    if (error != 0) {
        *step = id < 0 ? "making a process" : start.step;
        if (id >= 0) {
            close(process_descriptor);
            while (waitpid(id, NULL, 0) < 0 && errno == EINTR) {}
        }
        return error;
    }
    *process = id;
    *descriptor = process_descriptor;
    return 0;
}

int csandbox_kill(int descriptor) {
    return syscall(SYS_pidfd_send_signal, descriptor, SIGKILL, NULL, 0) == 0 ? 0 : errno;
}

int csandbox_process_descriptor(int32_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int csandbox_limit_processes(int32_t process, uint64_t limit) {
    struct rlimit both = {.rlim_cur = limit, .rlim_max = limit};
    return prlimit(process, RLIMIT_NPROC, &both, NULL) == 0 ? 0 : errno;
}

int csandbox_memory_file(const void *bytes, size_t count) {
    int descriptor = memfd_create("orch", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (descriptor < 0) return -1;
    for (size_t written = 0; written < count;) {
        ssize_t result = write(descriptor, (const char *)bytes + written, count - written);
        if (result < 0) {
            if (errno == EINTR) continue;
            close(descriptor);
            return -1;
        }
        written += (size_t)result;
    }
    if (lseek(descriptor, 0, SEEK_SET) != 0 ||
        fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

int csandbox_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }

int csandbox_socket_pair(int ends[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0 ? 0 : errno;
}

int csandbox_wake(int socket) { return send(socket, "1", 1, MSG_NOSIGNAL) == 1 ? 0 : errno; }

#else

int csandbox_spawn(const struct csandbox_spawn *plan, int32_t *process, int *descriptor, const char **step) {
    (void)plan, (void)process, (void)descriptor;
    *step = "making a sandbox on this system";
    return ENOSYS;
}
int csandbox_kill(int descriptor) {
    (void)descriptor;
    return ENOSYS;
}
int csandbox_process_descriptor(int32_t process) {
    (void)process;
    return -1;
}
int csandbox_limit_processes(int32_t process, uint64_t limit) {
    (void)process, (void)limit;
    return ENOSYS;
}
int csandbox_memory_file(const void *bytes, size_t count) {
    (void)bytes, (void)count;
    return -1;
}
int csandbox_pipe(int ends[2]) {
    (void)ends;
    return ENOSYS;
}
int csandbox_socket_pair(int ends[2]) {
    (void)ends;
    return ENOSYS;
}
int csandbox_wake(int socket) {
    (void)socket;
    return ENOSYS;
}

#endif
