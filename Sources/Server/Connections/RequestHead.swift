import NIOHTTP1

/// What is looked at of a request's head, taken out of it in one pass.
struct RequestHead: Sendable {
    let method: HTTPMethod
    /// The request target as it came, its query included.
    let target: String
    /// nil where there is none, and where there is more than one: two readers might then disagree.
    private(set) var host: String?
    private(set) var origin: String?
    private(set) var authorization: String?
    private(set) var requestID: String?
    private(set) var contentLength: Int?
    /// The client waits to be asked for the body.
    private(set) var isAskingToContinue = false

    init(_ head: HTTPRequestHead) {
        method = head.method
        target = head.uri
        var hosts = 0
        for (name, value) in head.headers {
            // The length tells nearly all fields apart before a character is compared.
            switch name.utf8.count {
            case 4 where name.isField("host"):
                host = hosts == 0 ? value : nil
                hosts += 1
            case 6 where name.isField("origin"): origin = origin ?? value
            case 6 where name.isField("expect"): isAskingToContinue = value.isField("100-continue")
            case 12 where name.isField("x-request-id"): requestID = requestID ?? value
            case 13 where name.isField("authorization"): authorization = authorization ?? value
            case 14 where name.isField("content-length"): contentLength = contentLength ?? Int(value)
            default: break
            }
        }
    }
}

extension String {
    /// Whether this is a field's name, or such a word, in whatever case.
    ///
    /// - Parameter lowercased: In lower case, ASCII.
    func isField(_ lowercased: StaticString) -> Bool {
        guard utf8.count == lowercased.utf8CodeUnitCount else { return false }
        return lowercased.withUTF8Buffer { wanted in
            zip(utf8, wanted).allSatisfy { byte, other in
                byte == other || (0x41...0x5A).contains(byte) && byte | 0x20 == other
            }
        }
    }
}
