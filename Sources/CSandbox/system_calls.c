#include "csandbox_system_calls.h"

#if defined(__linux__) && defined(__x86_64__) && defined(__LP64__)
uint32_t csandbox_audit_architecture(void) { return 0xC000003E; }
uint32_t csandbox_x32_bit(void) { return 0x40000000; }
#elif defined(__linux__) && defined(__aarch64__) && defined(__LP64__) && !defined(__AARCH64EB__)
uint32_t csandbox_audit_architecture(void) { return 0xC00000B7; }
uint32_t csandbox_x32_bit(void) { return 0; }
#else
uint32_t csandbox_audit_architecture(void) { return 0; }
uint32_t csandbox_x32_bit(void) { return 0; }
#endif

#if defined(__linux__)
#include <sys/syscall.h>

// A number as the headers write it, in digits. What they do not know stays a name.
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
#define CALL(name) {#name, TEXT(__NR_##name)},

static const struct {
    const char *name;
    const char *number;
} calls[] = {
    // clang-format off
    CALL(_sysctl) CALL(accept) CALL(accept4) CALL(access) CALL(acct) CALL(add_key) CALL(adjtimex) CALL(afs_syscall)
    CALL(alarm) CALL(arch_prctl) CALL(bind) CALL(bpf) CALL(brk) CALL(cachestat) CALL(capget) CALL(capset) CALL(chdir)
    CALL(chmod) CALL(chown) CALL(chroot) CALL(clock_adjtime) CALL(clock_getres) CALL(clock_gettime)
    CALL(clock_nanosleep) CALL(clock_settime) CALL(clone) CALL(clone3) CALL(close) CALL(close_range) CALL(connect)
    CALL(copy_file_range) CALL(creat) CALL(create_module) CALL(delete_module) CALL(dup) CALL(dup2) CALL(dup3)
    CALL(epoll_create) CALL(epoll_create1) CALL(epoll_ctl) CALL(epoll_ctl_old) CALL(epoll_pwait) CALL(epoll_pwait2)
    CALL(epoll_wait) CALL(epoll_wait_old) CALL(eventfd) CALL(eventfd2) CALL(execve) CALL(execveat) CALL(exit)
    CALL(exit_group) CALL(faccessat) CALL(faccessat2) CALL(fadvise64) CALL(fallocate) CALL(fanotify_init)
    CALL(fanotify_mark) CALL(fchdir) CALL(fchmod) CALL(fchmodat) CALL(fchmodat2) CALL(fchown) CALL(fchownat) CALL(fcntl)
    CALL(fdatasync) CALL(fgetxattr) CALL(file_getattr) CALL(file_setattr) CALL(finit_module) CALL(flistxattr)
    CALL(flock) CALL(fork) CALL(fremovexattr) CALL(fsconfig) CALL(fsetxattr) CALL(fsmount) CALL(fsopen) CALL(fspick)
    CALL(fstat) CALL(fstatfs) CALL(fsync) CALL(ftruncate) CALL(futex) CALL(futex_requeue) CALL(futex_wait)
    CALL(futex_waitv) CALL(futex_wake) CALL(futimesat) CALL(get_kernel_syms) CALL(get_mempolicy) CALL(get_robust_list)
    CALL(get_thread_area) CALL(getcpu) CALL(getcwd) CALL(getdents) CALL(getdents64) CALL(getegid) CALL(geteuid)
    CALL(getgid) CALL(getgroups) CALL(getitimer) CALL(getpeername) CALL(getpgid) CALL(getpgrp) CALL(getpid)
    CALL(getpmsg) CALL(getppid) CALL(getpriority) CALL(getrandom) CALL(getresgid) CALL(getresuid) CALL(getrlimit)
    CALL(getrusage) CALL(getsid) CALL(getsockname) CALL(getsockopt) CALL(gettid) CALL(gettimeofday) CALL(getuid)
    CALL(getxattr) CALL(getxattrat) CALL(init_module) CALL(inotify_add_watch) CALL(inotify_init) CALL(inotify_init1)
    CALL(inotify_rm_watch) CALL(io_cancel) CALL(io_destroy) CALL(io_getevents) CALL(io_pgetevents) CALL(io_setup)
    CALL(io_submit) CALL(io_uring_enter) CALL(io_uring_register) CALL(io_uring_setup) CALL(ioctl) CALL(ioperm)
    CALL(iopl) CALL(ioprio_get) CALL(ioprio_set) CALL(kcmp) CALL(kexec_file_load) CALL(kexec_load) CALL(keyctl)
    CALL(kill) CALL(landlock_add_rule) CALL(landlock_create_ruleset) CALL(landlock_restrict_self) CALL(lchown)
    CALL(lgetxattr) CALL(link) CALL(linkat) CALL(listen) CALL(listmount) CALL(listxattr) CALL(listxattrat)
    CALL(llistxattr) CALL(lookup_dcookie) CALL(lremovexattr) CALL(lseek) CALL(lsetxattr) CALL(lsm_get_self_attr)
    CALL(lsm_list_modules) CALL(lsm_set_self_attr) CALL(lstat) CALL(madvise) CALL(map_shadow_stack) CALL(mbind)
    CALL(membarrier) CALL(memfd_create) CALL(memfd_secret) CALL(migrate_pages) CALL(mincore) CALL(mkdir) CALL(mkdirat)
    CALL(mknod) CALL(mknodat) CALL(mlock) CALL(mlock2) CALL(mlockall) CALL(mmap) CALL(modify_ldt) CALL(mount)
    CALL(mount_setattr) CALL(move_mount) CALL(move_pages) CALL(mprotect) CALL(mq_getsetattr) CALL(mq_notify)
    CALL(mq_open) CALL(mq_timedreceive) CALL(mq_timedsend) CALL(mq_unlink) CALL(mremap) CALL(mseal) CALL(msgctl)
    CALL(msgget) CALL(msgrcv) CALL(msgsnd) CALL(msync) CALL(munlock) CALL(munlockall) CALL(munmap)
    CALL(name_to_handle_at) CALL(nanosleep) CALL(newfstatat) CALL(nfsservctl) CALL(open) CALL(open_by_handle_at)
    CALL(open_tree) CALL(open_tree_attr) CALL(openat) CALL(openat2) CALL(pause) CALL(perf_event_open) CALL(personality)
    CALL(pidfd_getfd) CALL(pidfd_open) CALL(pidfd_send_signal) CALL(pipe) CALL(pipe2) CALL(pivot_root) CALL(pkey_alloc)
    CALL(pkey_free) CALL(pkey_mprotect) CALL(poll) CALL(ppoll) CALL(prctl) CALL(pread64) CALL(preadv) CALL(preadv2)
    CALL(prlimit64) CALL(process_madvise) CALL(process_mrelease) CALL(process_vm_readv) CALL(process_vm_writev)
    CALL(pselect6) CALL(ptrace) CALL(putpmsg) CALL(pwrite64) CALL(pwritev) CALL(pwritev2) CALL(query_module)
    CALL(quotactl) CALL(quotactl_fd) CALL(read) CALL(readahead) CALL(readlink) CALL(readlinkat) CALL(readv) CALL(reboot)
    CALL(recvfrom) CALL(recvmmsg) CALL(recvmsg) CALL(remap_file_pages) CALL(removexattr) CALL(removexattrat)
    CALL(rename) CALL(renameat) CALL(renameat2) CALL(request_key) CALL(restart_syscall) CALL(rmdir) CALL(rseq)
    CALL(rt_sigaction) CALL(rt_sigpending) CALL(rt_sigprocmask) CALL(rt_sigqueueinfo) CALL(rt_sigreturn)
    CALL(rt_sigsuspend) CALL(rt_sigtimedwait) CALL(rt_tgsigqueueinfo) CALL(sched_get_priority_max)
    CALL(sched_get_priority_min) CALL(sched_getaffinity) CALL(sched_getattr) CALL(sched_getparam)
    CALL(sched_getscheduler) CALL(sched_rr_get_interval) CALL(sched_setaffinity) CALL(sched_setattr)
    CALL(sched_setparam) CALL(sched_setscheduler) CALL(sched_yield) CALL(seccomp) CALL(security) CALL(select)
    CALL(semctl) CALL(semget) CALL(semop) CALL(semtimedop) CALL(sendfile) CALL(sendmmsg) CALL(sendmsg) CALL(sendto)
    CALL(set_mempolicy) CALL(set_mempolicy_home_node) CALL(set_robust_list) CALL(set_thread_area) CALL(set_tid_address)
    CALL(setdomainname) CALL(setfsgid) CALL(setfsuid) CALL(setgid) CALL(setgroups) CALL(sethostname) CALL(setitimer)
    CALL(setns) CALL(setpgid) CALL(setpriority) CALL(setregid) CALL(setresgid) CALL(setresuid) CALL(setreuid)
    CALL(setrlimit) CALL(setsid) CALL(setsockopt) CALL(settimeofday) CALL(setuid) CALL(setxattr) CALL(setxattrat)
    CALL(shmat) CALL(shmctl) CALL(shmdt) CALL(shmget) CALL(shutdown) CALL(sigaltstack) CALL(signalfd) CALL(signalfd4)
    CALL(socket) CALL(socketpair) CALL(splice) CALL(stat) CALL(statfs) CALL(statmount) CALL(statx) CALL(swapoff)
    CALL(swapon) CALL(symlink) CALL(symlinkat) CALL(sync) CALL(sync_file_range) CALL(syncfs) CALL(sysfs) CALL(sysinfo)
    CALL(syslog) CALL(tee) CALL(tgkill) CALL(time) CALL(timer_create) CALL(timer_delete) CALL(timer_getoverrun)
    CALL(timer_gettime) CALL(timer_settime) CALL(timerfd_create) CALL(timerfd_gettime) CALL(timerfd_settime) CALL(times)
    CALL(tkill) CALL(truncate) CALL(tuxcall) CALL(umask) CALL(umount2) CALL(uname) CALL(unlink) CALL(unlinkat)
    CALL(unshare) CALL(uprobe) CALL(uretprobe) CALL(uselib) CALL(userfaultfd) CALL(ustat) CALL(utime) CALL(utimensat)
    CALL(utimes) CALL(vfork) CALL(vhangup) CALL(vmsplice) CALL(vserver) CALL(wait4) CALL(waitid) CALL(write)
    CALL(writev)
    // clang-format on
};

/// The number that consists of these digits; -1 where they are none.
static int32_t number(const char *digits) {
    int32_t number = 0;
    if (*digits == 0) return -1;
    for (; *digits != 0; digits++) {
        if (*digits < '0' || *digits > '9' || number > 100000) return -1;
        number = 10 * number + (*digits - '0');
    }
    return number;
}

size_t csandbox_system_call_count(void) { return sizeof(calls) / sizeof(calls[0]); }

struct csandbox_system_call csandbox_system_call_at(size_t index) {
    if (index >= csandbox_system_call_count()) return (struct csandbox_system_call){NULL, -1};
    return (struct csandbox_system_call){calls[index].name, number(calls[index].number)};
}

#else

size_t csandbox_system_call_count(void) { return 0; }

struct csandbox_system_call csandbox_system_call_at(size_t index) {
    (void)index;
    return (struct csandbox_system_call){NULL, -1};
}

#endif
