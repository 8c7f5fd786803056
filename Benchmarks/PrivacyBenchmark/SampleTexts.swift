/// Texts to time the scrubber with: made up, a mebibyte each.
enum SampleTexts {
    static let all: [(name: String, bytes: [UInt8])] =
        [("prose", prose), ("code", code)]
        + hostile.map { ("hostile: " + $0.name, repeated($0.unit)) }

    static let prose = repeated(
        """
        The committee met on Tuesday to go over the plans for the new library, and it took most of the afternoon. Mrs \
        Calloway asked whether the reading room would get more light; the architect said that it would, since the \
        windows on the south side are to be twice as high. “We have waited for this,” she said. There was some talk of \
        money: the council has put aside 240,000 for the first year, which is 12 % less than what was asked for, and \
        nobody could say where the rest is to come from. A letter from the school was read out. Its pupils would like \
        a place where they can work together without being told to be quiet every ten minutes.

        In the end it was agreed to begin in spring, to ask two more firms for their prices, and to meet again when \
        these are known. Anyone who wants to help with moving the books should speak to Tom at the desk.


        """)

    static let code = repeated(
        """
        func connect(to host: String, port: Int = 8080, retries: Int = 3) async throws -> Connection {
            let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
            for attempt in 0..<retries {
                do {
                    let channel = try await bootstrap.connect(to: address).get()
                    logger.debug("connected", metadata: ["attempt": "\\(attempt)", "host": "\\(host)"])
                    return Connection(channel: channel, id: nextID(), token: nil)
                } catch let error as ChannelError where error == .connectTimeout(.seconds(5)) {
                    metrics.counter(label: "connect_timeouts_total").increment()
                    try await Task.sleep(for: .milliseconds(50 << attempt))
                }
            }
            // See RFC 6555, section 4: the second family gets its turn after 250 ms.
            let table: [UInt32] = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A]
            guard let key = keys[cacheKey(for: host)], key.count == 32 else { throw ConnectError.noKey }
            return try await fallback(host, port + 1, checksum: table.reduce(0, &+), key: key)
        }


        """)

    private static let hostile: [(name: String, unit: String)] = [
        ("digits", "1"), ("digits and blanks", "1 "), ("short groups", "12-34 "), ("dashes", "1-2-"),
        ("letters and digits", "a1"), ("at signs", "a@"), ("dots", "a."), ("colons", "a:"), ("hexadecimal", "ab:1"),
        ("assignments", "token="), ("assignments and blanks", "password = a1 "), ("prefixes", "ghp_sk-xoxb-"),
        ("schemes", "http://"), ("addresses", "http://a.bc/1 "), ("armour", "-----BEGIN PRIVATE KEY-----\n"),
        ("tokens with dots", "eyA."), ("base64", "YWJjMTIzNDU2Nzg5"), ("percent signs", "%41%25"),
        ("no width", "\u{200B}a"), ("full width", "１"), ("numbers of phones", "+49 30 1234567 "), ("mails", "a@b.cd "),
        ("curl", "curl -u a:b "), ("manifests", "kind: secret data: "), ("vendors", "twitter: a1b2c3 "),
    ]

    static func repeated(_ unit: String) -> [UInt8] {
        let bytes = Array(unit.utf8)
        var text: [UInt8] = []
        text.reserveCapacity(1 << 20 + bytes.count)
        while text.count < 1 << 20 { text += bytes }
        return text
    }
}
