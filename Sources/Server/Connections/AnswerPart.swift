import NIOCore
import NIOHTTP1

/// What goes down a connection: an answer whole, or its head, its pieces and its end.
enum AnswerPart: Sendable {
    case whole(AnswerHead, body: [UInt8])
    /// The beginning of a stream: its length is not known.
    case head(AnswerHead)
    case piece([UInt8])
    case end
}

/// Status and header fields of an answer; what frames it is the connection's business.
struct AnswerHead: Sendable {
    var status: HTTPResponseStatus
    /// Names in lower case; values hold nothing that ends a line.
    var fields: HTTPHeaders
    /// Whether the connection cannot serve again after this answer.
    var closesConnection = false
}
