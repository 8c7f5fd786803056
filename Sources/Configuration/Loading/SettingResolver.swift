import OrchCore

/// Finds the text that holds for every setting, by the order command line, environment, .env, default.
struct SettingResolver {
    private(set) var violations: [ConfigurationViolation] = []
    private(set) var warnings: [ConfigurationWarning] = []

    private let inputs: ConfigurationInputs
    private let dotEnv: [String: DotEnv.Entry]
    private var resolved: [String: EffectiveSetting] = [:]

    /// The most findings of one kind that are reported one by one; a file of a megabyte may have very many.
    static let reportLimit = 20

    init(_ inputs: ConfigurationInputs) {
        self.inputs = inputs
        let file = DotEnv(parsing: inputs.dotEnv ?? "")
        dotEnv = file.values
        reportBrokenLines(file)
        reportReplacedLines(file)
        reportUnknownNames()
    }

    /// All settings in the order of the reference.
    mutating func resolveAll() -> [EffectiveSetting] {
        SettingsTable.all.map { entry in
            let setting = resolve(entry)
            reportUseOfPlanned(setting)
            return setting
        }
    }

    private mutating func resolve(_ entry: SettingEntry) -> EffectiveSetting {
        if let known = resolved[entry.name] { return known }
        let setting = explicit(entry) ?? standard(entry)
        resolved[entry.name] = setting
        return setting
    }

    /// The value that somebody set; a faulty one is reported, and the default stands in for it.
    private mutating func explicit(_ entry: SettingEntry) -> EffectiveSetting? {
        let candidates: [(String?, SettingSource)] = [
            (inputs.arguments[entry.name], .arguments),
            (inputs.environment[entry.name], .environment),
            (dotEnv[entry.name]?.value, .dotEnv(line: dotEnv[entry.name]?.line ?? 0)),
        ]
        for case (let raw?, let source) in candidates {
            let text = raw.trimmed
            // An argument was typed on purpose: an empty one is a value, or a fault where there must be something.
            guard !text.isEmpty || entry.keepsEmptyText || source == .arguments else { continue }
            let setting = EffectiveSetting(entry: entry, text: Redacted(text), source: source)
            do throws(SettingFault) {
                guard !text.isEmpty || entry.standard.documented.isEmpty else { throw SettingFault("empty") }
                _ = try entry.canonical(text)
                return setting
            } catch {
                violations.append(
                    ConfigurationViolation(
                        entry.name, error.reason, value: entry.isSecret ? nil : setting.shown, allowed: entry.allowed,
                        source: source))
                return nil
            }
        }
        return nil
    }

    private mutating func standard(_ entry: SettingEntry) -> EffectiveSetting {
        let text: String
        var follows: String?
        switch entry.standard.derivation {
        case .literal:
            text = entry.standard.documented
        case .value(let name):
            text = self.text(of: name)
            follows = name
        case .inInstanceDirectory(let file):
            let directory = SettingsTable.instanceDirectory.entry
            text = path(self.text(of: directory.name), file)
            follows = directory.name
        case .userDataDirectory:
            (text, follows) = userDataDirectory()
        case .boundHosts:
            let host = SettingsTable.host.entry
            let bound = HostName(self.text(of: host.name))?.description
            let names = ["localhost", "127.0.0.1", "[::1]"]
            text = ([bound].compactMap { $0 }.filter { !names.contains($0) } + names).joined(separator: ", ")
            follows = host.name
        }
        return EffectiveSetting(entry: entry, text: Redacted(text), source: .standard(follows: follows))
    }

    private mutating func text(of name: String) -> String {
        SettingsTable.entry(named: name).map { resolve($0).text.exposed } ?? ""
    }

    /// `orchestrators` in the data directory of the XDG Base Directory Specification, which wants relative values of
    /// its variable ignored; without a home, in the instance directory.
    private mutating func userDataDirectory() -> (String, String) {
        if let data = inputs.environment["XDG_DATA_HOME"], data.hasPrefix("/"), !data.hasControlCharacters {
            return (path(data, "orchestrators"), "XDG_DATA_HOME")
        }
        if let home = inputs.environment["HOME"], home.hasPrefix("/"), !home.hasControlCharacters {
            return (path(home, ".local/share/orchestrators"), "HOME")
        }
        let directory = SettingsTable.instanceDirectory.entry.name
        return (path(text(of: directory), "assets"), directory)
    }

    private func path(_ directory: String, _ file: String) -> String {
        directory.hasSuffix("/") ? directory + file : directory + "/" + file
    }
}

extension SettingResolver {
    private mutating func reportUseOfPlanned(_ setting: EffectiveSetting) {
        guard case .planned(let refuses) = setting.entry.status, setting.source.isExplicit,
            !isDefault(setting)
        else { return }
        guard refuses else {
            let message = "known, but it does nothing yet in this version"
            warnings.append(ConfigurationWarning(setting.entry.name, message, source: setting.source))
            return
        }
        violations.append(
            ConfigurationViolation(
                setting.entry.name, "known, but this version does not have it yet: unset it",
                value: setting.entry.isSecret ? nil : setting.shown, source: setting.source))
    }

    private mutating func isDefault(_ setting: EffectiveSetting) -> Bool {
        let standard = standard(setting.entry).text.exposed
        let spelling = try? setting.entry.canonical(setting.text.exposed)
        return spelling == (try? setting.entry.canonical(standard))
    }

    private mutating func reportBrokenLines(_ file: DotEnv) {
        for fault in file.faults.prefix(Self.reportLimit) {
            violations.append(ConfigurationViolation(nil, fault.reason, source: .dotEnv(line: fault.line)))
        }
        if file.faults.count > Self.reportLimit {
            let reason = "\(file.faults.count - Self.reportLimit) more lines cannot be read"
            violations.append(ConfigurationViolation(".env", reason))
        }
    }

    private mutating func reportReplacedLines(_ file: DotEnv) {
        let replaced = file.replaced.filter { isOurs($0.later.name) }
        for (earlier, later) in replaced.prefix(Self.reportLimit) {
            let message = "set again: the value of line \(earlier.line) is ignored"
            warnings.append(ConfigurationWarning(shortened(later.name), message, source: .dotEnv(line: later.line)))
        }
        if replaced.count > Self.reportLimit {
            let message = "\(replaced.count - Self.reportLimit) more lines are replaced by later ones"
            warnings.append(ConfigurationWarning(".env", message))
        }
    }

    private mutating func reportUnknownNames() {
        for name in inputs.arguments.keys.sorted() where SettingsTable.entry(named: name) == nil {
            violations.append(
                ConfigurationViolation(shortened(name), "not a setting" + suggestion(for: name), source: .arguments))
        }
        var unknown: [(name: String, source: SettingSource)] = []
        unknown += inputs.environment.keys.sorted().filter(isUnknown).map { ($0, .environment) }
        unknown += dotEnv.values.sorted { $0.line < $1.line }.filter { isUnknown($0.name) }.map { entry in
            (entry.name, .dotEnv(line: entry.line))
        }
        for (name, source) in unknown.prefix(Self.reportLimit) {
            let message = "not a setting" + suggestion(for: name)
            warnings.append(ConfigurationWarning(shortened(name), message, source: source))
        }
        if unknown.count > Self.reportLimit {
            let message = "\(unknown.count - Self.reportLimit) more names are no settings"
            warnings.append(ConfigurationWarning("ORCH_…", message))
        }
    }

    private func suggestion(for name: String) -> String {
        let nearest = NameSuggestion.nearest(to: name, among: SettingsTable.all.map(\.name))
        return nearest.map { "; did you mean \($0)?" } ?? ""
    }

    private func isUnknown(_ name: String) -> Bool {
        isOurs(name) && SettingsTable.entry(named: name) == nil
    }

    private func isOurs(_ name: String) -> Bool {
        name.utf8.count >= 5 && name.prefix(5).uppercased() == "ORCH_"
    }

    /// A name as a message may repeat it: visible characters, and not too many.
    private func shortened(_ name: String) -> String {
        let visible = String(decoding: name.utf8.filter(ASCII.isVisible), as: UTF8.self)
        let limit = NameSuggestion.lengthLimit
        return visible.utf8.count > limit ? visible.prefix(limit) + "…" : visible
    }
}
