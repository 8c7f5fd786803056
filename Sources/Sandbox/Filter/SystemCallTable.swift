import CSandbox

/// The system calls of an architecture by name.
struct SystemCallTable: Sendable, Hashable {
    /// What the kernel calls the architecture when it asks a filter; nil where there is no filter for it.
    let architecture: UInt32?
    /// Every name there is, on any architecture: a name outside of these is a mistake.
    let names: Set<String>
    /// The numbers of those names that are a call here, and that the headers of the build know.
    let numbers: [String: UInt32]
    /// The numbers of another interface under the same architecture, which mean other calls.
    let foreign: [ClosedRange<UInt32>]

    init(
        architecture: UInt32?, names: Set<String> = [], numbers: [String: UInt32], foreign: [ClosedRange<UInt32>] = []
    ) {
        self.architecture = architecture
        self.names = names.union(numbers.keys)
        self.numbers = numbers
        self.foreign = foreign
    }

    /// Of the build.
    static let native: SystemCallTable = {
        var names: Set<String> = []
        var numbers: [String: UInt32] = [:]
        for index in 0..<csandbox_system_call_count() {
            let call = csandbox_system_call_at(index)
            guard let text = call.name else { continue }
            let name = String(cString: text)
            names.insert(name)
            numbers[name] = UInt32(exactly: call.number)
        }
        let architecture = csandbox_audit_architecture()
        return SystemCallTable(
            architecture: architecture == 0 ? nil : architecture, names: names, numbers: numbers,
            foreign: csandbox_x32_bit() == 0 ? [] : Self.x32)
    }()

    /// The numbers with bit 30. Not the last, -1: it is "no call" to the kernel, of whichever interface.
    static let x32: [ClosedRange<UInt32>] = [0x4000_0000...0x7FFF_FFFF, 0xC000_0000...0xFFFF_FFFE]
}
