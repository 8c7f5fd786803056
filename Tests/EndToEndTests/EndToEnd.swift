import Testing

/// Tests of the real program as a process. One after the other: they measure times, and share two cores with the rest.
@Suite("The program", .serialized)
struct EndToEnd {}
