import CSandbox

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What is started on the host's side: a launcher with its arguments, and what it is held to.
struct LaunchPlan: Sendable, Hashable {
    /// The lower and the higher limit are the same.
    struct Limit: Sendable, Hashable {
        let resource: CInt
        let value: UInt64

        init(_ resource: CInt, _ value: Int) {
            self.resource = resource
            self.value = UInt64(max(0, value))
        }
    }

    var path: String
    /// With the program's own name in front.
    var arguments: [String]
    var limits: [Limit] = []
    /// Whom the launcher becomes; nil: whoever the server is.
    var user: UInt32?
    var niceness: CInt = 0

    /// Starts it: with three descriptors and those that come after, in groups.
    ///
    /// - Throws: ``SandboxError`` with code unavailable, which names the step that failed.
    func start(descriptors: [CInt], groups: [CInt]) throws(SandboxError) -> Started {
        let limits = self.limits.map { csandbox_limit(resource: $0.resource, value: $0.value) }
        var process: Int32 = 0
        var descriptor: CInt = -1
        var step: UnsafePointer<CChar>?
        let error = withCStrings([path] + arguments) { words in
            descriptors.withUnsafeBufferPointer { descriptors in
                groups.withUnsafeBufferPointer { groups in
                    limits.withUnsafeBufferPointer { limits in
                        var plan = csandbox_spawn(
                            path: words[0], arguments: words.baseAddress.map { $0 + 1 },
                            descriptors: descriptors.baseAddress, descriptor_count: descriptors.count,
                            groups: groups.baseAddress, group_count: groups.count, limits: limits.baseAddress,
                            limit_count: limits.count, changes_user: user == nil ? 0 : 1, user: user ?? 0,
                            niceness: niceness)
                        return csandbox_spawn(&plan, &process, &descriptor, &step)
                    }
                }
            }
        }
        guard error == 0 else {
            let step = step.map { String(cString: $0) } ?? ""
            throw SandboxError(.unavailable, "the sandbox cannot be started: \(step) failed (errno \(error))")
        }
        return Started(process: process, descriptor: Descriptor(owning: descriptor))
    }

    /// A process that was started and has not been waited for.
    struct Started {
        let process: Int32
        let descriptor: Descriptor

        func kill() { _ = csandbox_kill(descriptor.number) }

        /// Waits until it has ended, so many milliseconds at the most.
        func waitForEnd(_ patience: CInt) {
            var polled = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
            _ = poll(&polled, 1, patience)
        }
    }

    private func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for text in texts {
            offsets.append(bytes.count)
            bytes += text.utf8.map { CChar(bitPattern: $0) }
            bytes.append(0)
        }
        return bytes.withUnsafeMutableBufferPointer { bytes in
            var pointers = offsets.map { offset in bytes.baseAddress.map { $0 + offset } }
            pointers.append(nil)
            return pointers.withUnsafeMutableBufferPointer { body($0) }
        }
    }
}
