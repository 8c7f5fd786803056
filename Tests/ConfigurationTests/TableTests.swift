import OrchCore
import Testing

@testable import OrchConfiguration

struct SettingsTableTests {
    @Test func `names are unique and well formed`() {
        let names = SettingsTable.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.hasPrefix("ORCH_") && $0.utf8.allSatisfy(ASCII.isNameCharacter) })
        #expect(names.allSatisfy { $0 == $0.uppercased() })
    }

    @Test func `each setting stands in the list of its own area`() {
        for area in SettingArea.allCases {
            #expect(SettingsTable.entries(of: area).allSatisfy { $0.area == area })
            #expect(!SettingsTable.entries(of: area).isEmpty)
        }
    }

    @Test func `every default is a value of its type`() {
        let resolved = ConfigurationLoader.resolve(ConfigurationInputs())
        for setting in resolved.settings {
            #expect(throws: Never.self) { try setting.entry.canonical(setting.text.exposed) }
        }
    }

    @Test func `meanings fit into a line of a table`() {
        for entry in SettingsTable.all {
            #expect(!entry.meaning.isEmpty && !entry.meaning.contains("\n"))
        }
    }
}

/// The table against the specification next to the checkout, where there is one.
struct SpecificationTests {
    private struct Row: Equatable {
        let name: String
        let type: String
        let standard: String
        let area: String
    }

    @Test func `names, types, defaults and areas are those of the specification`() throws {
        let path = Checkout.root + "/../shared/spec/configuration.tsv"
        guard let text = try Checkout.text(path) else {
            print("shared/spec/configuration.tsv is not beside this checkout: the table was not compared with it")
            return
        }
        let specified = text.split(separator: "\n").dropFirst().map { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return Row(name: cells[0], type: cells[1], standard: cells[2], area: cells[3])
        }
        let ours = SettingsTable.all.map { entry in
            Row(
                name: entry.name, type: entry.typeName, standard: entry.standard.documented, area: entry.area.rawValue)
        }
        #expect(specified.count > 100)
        for row in specified { #expect(ours.first { $0.name == row.name } == row) }
        for row in ours { #expect(specified.contains { $0.name == row.name }, "\(row.name) is not specified") }
    }
}

struct GeneratedFileTests {
    @Test(arguments: ConfigurationReference.files.map(\.path))
    func `the file is what the table makes of it`(path: String) throws {
        let made = try #require(ConfigurationReference.files.first { $0.path == path }?.text)
        let kept = try Checkout.text(Checkout.root + "/" + path)
        #expect(kept == made, "\(path) is not up to date: run `orch config docs --write`")
    }

    @Test func `the reference lists every setting once`() {
        let lines = ConfigurationReference.markdown().split(separator: "\n")
        for entry in SettingsTable.all {
            #expect(lines.count { $0.hasPrefix("| `\(entry.name)` | ") } == 1)
        }
    }
}
