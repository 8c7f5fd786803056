/// The settings as they were found, whether or not the program can start with them.
package struct ResolvedSettings: Sendable {
    /// All settings in the order of the reference; the default stands in for a faulty value.
    package let settings: [EffectiveSetting]
    /// What keeps the program from starting, in the order of the reference.
    package let violations: [ConfigurationViolation]
    /// What the operator should know.
    package let warnings: [ConfigurationWarning]
}

/// A configuration that the program can start with.
package struct LoadedConfiguration: Sendable {
    /// The typed settings.
    package let configuration: Configuration
    /// All settings in the order of the reference, with their sources.
    package let settings: [EffectiveSetting]
    /// What the operator should know.
    package let warnings: [ConfigurationWarning]
}

/// Makes a configuration from its inputs. Touches nothing outside of them.
package enum ConfigurationLoader {
    /// Reads and checks everything; throws all violations together.
    package static func load(_ inputs: ConfigurationInputs) throws(ConfigurationError) -> LoadedConfiguration {
        let (resolved, configuration) = check(inputs)
        guard let configuration, resolved.violations.isEmpty else {
            throw ConfigurationError(violations: resolved.violations, warnings: resolved.warnings)
        }
        return LoadedConfiguration(
            configuration: configuration, settings: resolved.settings, warnings: resolved.warnings)
    }

    /// Reads and checks everything, for reports on configurations that may be broken.
    package static func resolve(_ inputs: ConfigurationInputs) -> ResolvedSettings {
        check(inputs).resolved
    }

    private static func check(
        _ inputs: ConfigurationInputs
    ) -> (resolved: ResolvedSettings, configuration: Configuration?) {
        var resolver = SettingResolver(inputs)
        let settings = resolver.resolveAll()
        let values = SettingValues(settings)
        var violations = resolver.violations
        var warnings = resolver.warnings
        var configuration: Configuration?
        do throws(SettingFault) {
            let candidate = try Configuration(values)
            configuration = candidate
            // A faulty value has been replaced by its default, which no rule should judge.
            let faulty = Set(violations.compactMap(\.name))
            let findings = StartRules.findings(in: candidate, values: values)
            violations += findings.violations.filter { $0.name.map(faulty.contains) != true }
            warnings += findings.warnings
        } catch {
            violations.append(ConfigurationViolation(nil, "a default of the settings table is wrong: \(error.reason)"))
        }
        let resolved = ResolvedSettings(
            settings: settings, violations: inOrderOfReference(violations), warnings: warnings)
        return (resolved, configuration)
    }

    private static func inOrderOfReference(_ violations: [ConfigurationViolation]) -> [ConfigurationViolation] {
        let ranks = Dictionary(SettingsTable.all.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let ranked = violations.enumerated().map { position, violation in
            (rank: violation.name.map { ranks[$0] ?? -1 } ?? -2, position: position, violation: violation)
        }
        return ranked.sorted { ($0.rank, $0.position) < ($1.rank, $1.position) }.map(\.violation)
    }
}
