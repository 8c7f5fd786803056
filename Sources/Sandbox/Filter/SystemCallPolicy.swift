import OrchCore

/// Which system calls a program in the sandbox may make: a list of what is allowed, and with which arguments.
///
/// Every other call fails with EPERM, or with ENOSYS where it has no name in the headers of the build. What ends a
/// process is a number of a foreign interface alone, so that no program dies of a call that its C library tries.
package struct SystemCallPolicy: Sendable, Hashable {
    /// A system call, and what its arguments must be.
    struct Call: Sendable, Hashable, ExpressibleByStringLiteral {
        let name: String
        let checks: [ArgumentCheck]

        init(stringLiteral name: String) { self.init(name) }

        init(_ name: String, where checks: ArgumentCheck...) {
            self.name = name
            self.checks = checks
        }
    }

    /// Where the calls of a group are.
    enum Presence: Sendable, Hashable {
        /// On every architecture: without one of them nothing would run as it should.
        case everywhere
        /// On old architectures; the newer ones have others in their place.
        case legacy
        /// In recent headers; libraries do without them.
        case recent
    }

    /// Calls that are allowed for one reason.
    struct Group: Sendable, Hashable {
        let reason: String
        let presence: Presence
        let calls: [Call]

        init(_ reason: String, _ calls: [Call]) { self.init(reason, .everywhere, calls) }

        init(_ reason: String, _ presence: Presence, _ calls: [Call]) {
            self.reason = reason
            self.presence = presence
            self.calls = calls
        }
    }

    let allowed: [Group]
    /// Calls that fail with something else than EPERM, because programs try them, and do without them by that failure.
    let tried: [FilterVerdict.Failure: [String]]

    init(allowed: [Group], tried: [FilterVerdict.Failure: [String]] = [:]) {
        self.allowed = allowed
        self.tried = tried
    }
}

extension SystemCallPolicy {
    /// What becomes of every call that has a number.
    ///
    /// - Throws: ``SandboxError`` with code unavailable for a list that is empty, or does not mean what it says here.
    func verdicts(_ table: SystemCallTable) throws(SandboxError) -> [UInt32: FilterVerdict] {
        guard allowed.contains(where: { !$0.calls.isEmpty }) else {
            throw SandboxError(.unavailable, "the list of system calls is empty: nothing is allowed")
        }
        var named: [UInt32: FilterVerdict] = [:]
        func decide(_ name: String, _ verdict: FilterVerdict, isRequired: Bool) throws(SandboxError) {
            guard table.names.contains(name) else { throw fault(name, "there is no such call") }
            guard let number = table.numbers[name] else {
                guard !isRequired else { throw fault(name, "this architecture does not have it") }
                return
            }
            guard named.updateValue(verdict, forKey: number) == nil else { throw fault(name, "it is there twice") }
        }
        for group in allowed {
            for call in group.calls {
                guard call.checks.allSatisfy(\.isSound) else { throw fault(call.name, "no argument can pass") }
                try decide(
                    call.name, call.checks.isEmpty ? .allowed : .checked(call.checks),
                    isRequired: group.presence == .everywhere)
            }
        }
        for (failure, names) in tried {
            for name in names { try decide(name, .fails(failure), isRequired: false) }
        }
        for number in table.numbers.values where named[number] == nil { named[number] = .fails(.refused) }
        return named
    }

    private func fault(_ name: String, _ what: String) -> SandboxError {
        SandboxError(.unavailable, "the list of system calls has \(name): \(what)")
    }
}
