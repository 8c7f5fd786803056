import Testing

@testable import OrchSandbox

@Suite struct RunSlotsTests {
    @Test func `who comes when all are taken waits, and who comes then is sent away`() async throws {
        let slots = RunSlots(count: 1, maximumWaiting: 1)
        try await slots.take()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await slots.take() }
            var error: SandboxError?
            while error == nil {
                // The one that waits may not have come yet; then this one waits in its place, and leaves.
                error = await Self.impatient(slots)
            }
            #expect(error?.code == .tooManyRuns)
            slots.giveBack()
            try await group.next()
        }
        slots.giveBack()
        try await slots.take()
    }

    /// Nil where it had to wait, and left.
    private static func impatient(_ slots: RunSlots) async -> SandboxError? {
        await withTaskGroup(of: SandboxError?.self) { group in
            group.addTask {
                do throws(SandboxError) {
                    try await slots.take()
                    slots.giveBack()
                    return nil
                } catch {
                    return error.code == .cancelled ? nil : error
                }
            }
            await Task.yield()
            group.cancelAll()
            return await group.next() ?? nil
        }
    }
}
