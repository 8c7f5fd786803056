import OrchCore
import OrchEgress
import OrchProviders
import Synchronization

/// Keeps prompts from models that Ollama lists under a local name and runs on somebody else's machines.
///
/// A model is looked up before its first prompt, and every answer is checked as well, since a name may be given to
/// another model in between.
final class CloudModelGuard: Sendable {
    private enum Place: Sendable {
        case here
        /// nil where Ollama does not name the host in a form that we can read.
        case elsewhere(host: String?)
    }

    private struct Finding: Sendable {
        var place: Place
        var expires: ContinuousClock.Instant
    }

    private static let lifetime = Duration.seconds(60)
    private static let maximumFindings = 256
    /// Where Ollama sends models whose names say `cloud`, even those that it has no entry for.
    private static let cloudHost = "ollama.com:443"

    private let server: ModelServer
    private let isAllowed: @Sendable (String) -> Bool
    private let instant: @Sendable () -> ContinuousClock.Instant
    private let findings = Mutex<[String: Finding]>([:])

    init(
        server: ModelServer, isAllowed: @escaping @Sendable (String) -> Bool,
        instant: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.server = server
        self.isAllowed = isAllowed
        self.instant = instant
    }

    /// Returns if the model may be sent a prompt, with the connection that was made to find out.
    func admit(_ model: String, timeout: Duration) async throws(ProviderError) -> ConnectionRecord? {
        try judge(Self.place(byName: model))
        if let known = known(model) {
            try judge(known)
            return nil
        }
        var body = JSONWriter()
        body.beginObject()
        body.member("model", model)
        body.endObject()
        var request = try server.request(.post, "/api/show", body: body.bytes, timeout: timeout)
        request.maximumAnswerBytes = ModelServer.maximumListBytes
        let reply = try await server.fetchKnown(request)
        let place = Self.place(of: reply.body.root)
        remember(model, place)
        try judge(place)
        return reply.connected
    }

    /// Throws if an answer comes from a model that runs where it may not.
    func check(_ answer: JSONNode) throws(ProviderError) {
        try judge(Self.place(of: answer))
    }

    /// Whether a listed model would be admitted.
    func mayAsk(_ model: String, entry: JSONNode) -> Bool {
        allows(Self.place(byName: model)) && allows(Self.place(of: entry))
    }

    private func judge(_ place: Place) throws(ProviderError) {
        guard allows(place) else {
            throw ProviderError(
                .refusedByPolicy,
                "the model runs on another host, not in this Ollama: list that host in ORCH_EGRESS_ALLOWLIST to allow it"
            )
        }
    }

    private func allows(_ place: Place) -> Bool {
        switch place {
        case .here: true
        case .elsewhere(let host): host.map(isAllowed) ?? false
        }
    }

    private func known(_ model: String) -> Place? {
        let now = instant()
        return findings.withLock { findings in
            guard let finding = findings[model], finding.expires > now else { return nil }
            return finding.place
        }
    }

    private func remember(_ model: String, _ place: Place) {
        let now = instant()
        findings.withLock { findings in
            if findings.count >= Self.maximumFindings { findings = findings.filter { $0.value.expires > now } }
            // Model names come from callers: a full table of fresh ones starts over.
            if findings.count >= Self.maximumFindings { findings = [:] }
            findings[model] = Finding(place: place, expires: now.advanced(by: Self.lifetime))
        }
    }

    private static func place(of entry: JSONNode) -> Place {
        let fields = [entry["remote_host"], entry["remote_model"]].compactMap(\.self)
        // Anything but nothing: a field of another form says "elsewhere" as well.
        guard fields.contains(where: { !$0.isNull && $0.string != "" }) else { return .here }
        return .elsewhere(host: entry["remote_host"]?.string.flatMap(RemoteHost.hostAndPort))
    }

    private static func place(byName model: String) -> Place {
        guard let colon = model.lastIndex(of: ":") else { return .here }
        let tag = model[model.index(after: colon)...].lowercased()
        return tag == "cloud" || tag.hasSuffix("-cloud") ? .elsewhere(host: cloudHost) : .here
    }
}

/// Reads the host that Ollama names for a model that runs elsewhere: a URL, or a host alone.
enum RemoteHost {
    /// `host:port` in lower case, the port by the scheme where it is not written.
    static func hostAndPort(_ text: String) -> String? {
        var rest = text.lowercased()[...]
        var port = 443
        if let separator = rest.firstRange(of: "://") {
            let scheme = rest[..<separator.lowerBound]
            guard scheme == "https" || scheme == "http" else { return nil }
            if scheme == "http" { port = 80 }
            rest = rest[separator.upperBound...]
        }
        var host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            let digits = host[host.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...65_535).contains(number)
            else { return nil }
            port = number
            host = host[..<colon]
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard !host.isEmpty, isBracketed ? IPAddress(host) != nil : host.utf8.allSatisfy(isNameByte) else { return nil }
        return "\(host):\(port)"
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
}
