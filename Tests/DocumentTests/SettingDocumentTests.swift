import OrchConfiguration
import Testing

struct SettingDocumentTests {
    /// Names that documents may hold and that are no settings, each with its reason.
    private static let others = [
        "ORCH_TEST_PYTHON": "the tests' Python, which ./scripts/test sets"
    ]

    @Test func `every name that begins with ORCH_ is a setting`() throws {
        var faults: [String] = []
        for document in try Checkout.documents() {
            let names = document.text.matches(of: /ORCH_[A-Z0-9_]*[A-Z0-9]/).map { String($0.output) }
            faults += Set(names).sorted()
                .filter { SettingsTable.entry(named: $0) == nil && Self.others[$0] == nil }
                .map { "\(document.path) has \($0), which is no setting" }
        }
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    @Test func `defaults that documents give in parentheses are those of the table`() throws {
        var faults: [String] = []
        for document in try Checkout.documents() where document.path.hasPrefix("docs/") {
            let text = document.prose.joined(separator: " ")
            for match in text.matches(of: /`(ORCH_[A-Z0-9_]+)` \(`?([0-9][0-9,.]*)`?[;)]/) {
                let (name, given) = (String(match.output.1), match.output.2.replacing(",", with: ""))
                guard let entry = SettingsTable.entry(named: name), entry.standard.documented != given else { continue }
                faults.append(
                    "\(document.path): \(name) is \(given) there, and \(entry.standard.documented) by default")
            }
        }
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }
}
