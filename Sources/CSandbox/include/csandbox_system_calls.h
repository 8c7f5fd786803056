// The system calls of Linux by name, with their numbers on the architecture of the build.
#ifndef CSANDBOX_SYSTEM_CALLS_H
#define CSANDBOX_SYSTEM_CALLS_H

#include <stddef.h>
#include <stdint.h>

/// What the kernel calls the architecture of the build when it asks a filter (linux/audit.h); 0 where we have no filter.
uint32_t csandbox_audit_architecture(void);

/// The bit that makes a number one of the x32 interface, which has the same architecture; 0 where there is none.
uint32_t csandbox_x32_bit(void);

/// A system call.
struct csandbox_system_call {
    /// A constant text.
    const char *name;
    /// -1 where this architecture, or the headers that it was built with, have no such call.
    int32_t number;
};

/// How many there are. None on another system.
size_t csandbox_system_call_count(void);

/// One of them; the name is NULL where there is none.
struct csandbox_system_call csandbox_system_call_at(size_t index);

#endif
