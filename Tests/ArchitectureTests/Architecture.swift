/// A checkout's structure, and what is wrong with it.
struct Architecture {
    var table: ModuleTable
    var manifest: Manifest
    /// The folders of Sources.
    var folders: [String]
    var files: [SourceFile]
    var rules: ArchitectureRules
    /// The code of the Swift files.
    private let sources: [(file: SourceFile, code: SwiftCode)]

    init(
        table: ModuleTable, manifest: Manifest, folders: [String], files: [SourceFile],
        rules: ArchitectureRules = ArchitectureRules()
    ) {
        self.table = table
        self.manifest = manifest
        self.folders = folders
        self.files = files
        self.rules = rules
        sources = files.filter(\.isSwift).map { ($0, SwiftCode($0.text)) }
    }

    /// Everything that is wrong, a sentence each.
    func faults() -> [String] {
        tableFaults() + manifestFaults() + layerFaults() + importFaults() + cycleFaults() + fileFaults()
            + staleExceptions()
    }

    // MARK: What may be imported

    /// Modules that a Swift file can be in; a C shim is not one.
    private var swiftModules: Set<String> { Set(sources.map(\.file.module)) }

    /// Everything is what is not of the program itself.
    private func allowed(_ row: ModuleTable.Row) -> Set<String> {
        row.mayImport ?? swiftModules.filter { layer(of: $0) != .program }
    }

    private func layer(of module: String) -> ModuleTable.Layer? {
        table.rows.first { $0.module == module }?.layer
    }

    // MARK: The table

    private func tableFaults() -> [String] {
        let modules = table.rows.map(\.module)
        var faults: [String] = []
        for module in Set(modules) where modules.count(where: { $0 == module }) > 1 {
            faults.append("ARCHITECTURE.md has \(module) twice")
        }
        faults += folders.filter { !modules.contains($0) }.map { "Sources/\($0) is missing from ARCHITECTURE.md" }
        faults += modules.filter { !folders.contains($0) }
            .map { "ARCHITECTURE.md has \($0), but there is no Sources/\($0)" }
        for row in table.rows {
            faults += (row.mayImport ?? []).subtracting(modules).sorted().map {
                "ARCHITECTURE.md: \(row.module) may import \($0), which is no module"
            }
        }
        return faults
    }

    private func manifestFaults() -> [String] {
        var faults: [String] = []
        for row in table.rows {
            guard let target = manifest.targets.first(where: { $0.module == row.module }) else {
                faults.append("Package.swift has no target for \(row.module)")
                continue
            }
            faults += allowed(row).subtracting(target.modules).sorted().map {
                "ARCHITECTURE.md has the arrow \(row.module) → \($0), Package.swift has not"
            }
            faults += target.modules.subtracting(allowed(row)).sorted().map {
                "Package.swift has the arrow \(row.module) → \($0), ARCHITECTURE.md has not"
            }
        }
        let modules = Set(table.rows.map(\.module))
        faults += manifest.targets.map(\.module).filter { !modules.contains($0) }.map {
            "Package.swift has a target for \($0), which is missing from ARCHITECTURE.md"
        }
        return faults
    }

    /// Arrows point to a lower layer; adapters are the program's alone.
    private func layerFaults() -> [String] {
        let order = ModuleTable.Layer.allCases
        return table.rows.flatMap { row in
            (row.mayImport ?? []).sorted().compactMap { name -> String? in
                guard rules.insideALayer["\(row.module) → \(name)"] == nil, let other = layer(of: name),
                    let place = order.firstIndex(of: row.layer), let otherPlace = order.firstIndex(of: other)
                else { return nil }
                if otherPlace >= place {
                    return "the arrow \(row.module) → \(name) does not point down: \(row.layer) to \(other)"
                }
                if other == .adapter, row.layer != .program {
                    return "the arrow \(row.module) → \(name) leads to an adapter, which only the program may import"
                }
                return nil
            }
        }
    }

    // MARK: Imports

    private func importFaults() -> [String] {
        var faults: [String] = []
        var used: [String: Set<String>] = [:]
        for (file, code) in sources {
            for (name, line) in code.imports {
                let own = ModuleTable.folder(ofModule: name)
                if layer(of: own) != nil {
                    used[file.module, default: []].insert(own)
                    let row = table.rows.first { $0.module == file.module }
                    if own != file.module, !(row.map(allowed)?.contains(own) ?? false) {
                        faults.append(
                            "\(file.path):\(line) imports \(name): ARCHITECTURE.md does not let \(file.module)")
                    }
                } else if let fault = foreignFault(name, in: file) {
                    faults.append("\(file.path):\(line) imports \(name): \(fault)")
                }
            }
        }
        for row in table.rows where swiftModules.contains(row.module) {
            faults += (row.mayImport ?? []).subtracting(used[row.module] ?? []).sorted().map {
                "ARCHITECTURE.md lets \(row.module) import \($0), and no file does"
            }
        }
        return faults
    }

    private func foreignFault(_ name: String, in file: SourceFile) -> String? {
        if rules.system.contains(name) { return nil }
        if ArchitectureRules.foundationModules.contains(name) {
            return rules.foundation[file.path] == nil
                ? "no Foundation without a reason in ArchitectureRules.foundation" : nil
        }
        guard let modules = rules.thirdParty[name] else { return "ArchitectureRules.thirdParty does not name it" }
        guard modules.contains(file.module) else { return "only \(modules.sorted().joined(separator: ", ")) may" }
        let target = manifest.targets.first { $0.module == file.module }
        // On Linux swift-system's module; on macOS it comes with the system.
        guard name == "System" || target?.products.contains(name) ?? false else {
            return "Package.swift does not give \(file.module) that product"
        }
        return nil
    }

    /// Cycles among the arrows of the table and those that imports make.
    private func cycleFaults() -> [String] {
        var arrows: [String: Set<String>] = [:]
        for row in table.rows { arrows[row.module, default: []].formUnion(row.mayImport ?? []) }
        for (file, code) in sources {
            for (name, _) in code.imports {
                let own = ModuleTable.folder(ofModule: name)
                if own != file.module, layer(of: own) != nil { arrows[file.module, default: []].insert(own) }
            }
        }
        // What has no arrows to what is left goes, again and again; what stays is on a cycle or above one.
        var left = arrows
        while let done = left.first(where: { $0.value.allSatisfy { left[$0] == nil } })?.key { left[done] = nil }
        // What nothing that is left points to stands above the cycle.
        while let above = left.keys.first(where: { name in !left.values.contains { $0.contains(name) } }) {
            left[above] = nil
        }
        guard !left.isEmpty else { return [] }
        return ["modules import each other in a cycle: \(left.keys.sorted().joined(separator: ", "))"]
    }

    // MARK: Files

    private func fileFaults() -> [String] {
        let limit = ArchitectureRules.maximumLines
        let long = files.filter { $0.lineCount > limit }
            .map { "\($0.path) has \($0.lineCount) lines; \(limit) are two files" }
        let banned = ArchitectureRules.banned
        return long
            + sources.flatMap { file, code in
                code.lines.enumerated().flatMap { index, line in
                    banned.filter { line.contains($0.hint) && line.contains($0.pattern) }
                        .filter { rules.exceptions["\(file.path): \($0.word)"] == nil }
                        .map { "\(file.path):\(index + 1) has \($0.word): \($0.instead)" }
                }
            }
    }

    /// Exceptions for files that are not there any more, or do not need them.
    private func staleExceptions() -> [String] {
        let codes = Dictionary(sources.map { ($0.file.path, $0.code) }, uniquingKeysWith: { first, _ in first })
        let foundation = rules.foundation.keys.filter { path in
            !(codes[path]?.imports.contains { ArchitectureRules.foundationModules.contains($0.module) } ?? false)
        }
        let words = rules.exceptions.keys.filter { key in
            !ArchitectureRules.banned.contains { banned in
                guard key.hasSuffix(": \(banned.word)") else { return false }
                let code = codes[String(key.dropLast(banned.word.count + 2))]
                return code?.lines.contains { $0.contains(banned.pattern) } ?? false
            }
        }
        return (foundation + words).sorted().map { "ArchitectureRules has an exception that nothing needs: \($0)" }
    }
}
