/// One thing that a hostile program would try from inside the sandbox. `battery.py` holds what it does.
package struct EscapeAttempt: Sendable, Hashable {
    /// What it is after.
    package enum Group: String, Sendable, CaseIterable {
        case network, files, processes, kernel, resources
    }

    /// How a run of it ends where the sandbox holds.
    package enum Expectation: Sendable, Hashable {
        /// It reports ``AttemptReport/Outcome/held``.
        case held
        /// A signal ends it before it can report.
        case killed
        /// The sandbox ends it, or it reports that it was refused more, by one of these limits: `memory`, `processes`,
        /// `cpu`, `timeout`, `output`, `disk`, `file_size`, `open_files`.
        case ends(by: Set<String>)
    }

    /// The word that the battery knows it by.
    package let name: String
    package let group: Group
    /// One plain line for people.
    package let what: String
    package let expectation: Expectation

    init(_ name: String, _ group: Group, _ what: String, _ expectation: Expectation = .held) {
        self.name = name
        self.group = group
        self.what = what
        self.expectation = expectation
    }

    /// The whole battery, in the order of the groups.
    package static let all: [EscapeAttempt] = network + files + processes + kernel + resources
}
