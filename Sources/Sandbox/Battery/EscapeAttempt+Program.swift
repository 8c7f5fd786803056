import OrchCore

extension EscapeAttempt {
    /// The battery, which knows all attempts.
    static var battery: String {
        [
            PackageResources.battery_py, PackageResources.network_py, PackageResources.files_py,
            PackageResources.processes_py, PackageResources.kernel_py, PackageResources.resources_py,
        ].map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n\n")
    }

    /// The whole text of a Python program that makes this attempt.
    package func program(_ fixture: BatteryFixture) -> String {
        // The fixture holds texts, numbers and lists of them, which Python writes as JSON does.
        let fixture = String(decoding: JSONValue.object(fixture.json).serialized, as: UTF8.self)
        return "\(Self.battery)\nattempt(\"\(name)\", \(fixture))\n"
    }
}
