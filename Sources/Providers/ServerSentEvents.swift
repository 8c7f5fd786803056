import OrchCore

/// Takes a server-sent event stream apart (WHATWG HTML, section 9.2.6), whatever way its bytes are cut.
package struct ServerSentEventParser: Sendable {
    private var lines: LineSplitter
    private var data: [UInt8] = []
    private var hasData = false
    private let maximumEventBytes: Int

    /// - Parameter maximumEventBytes: A longer event is an error.
    package init(maximumEventBytes: Int = 8 << 20) {
        self.maximumEventBytes = maximumEventBytes
        lines = LineSplitter(maximumLineBytes: maximumEventBytes, acceptsCarriageReturn: true)
    }

    /// Takes the next bytes and gives the data of the events that they complete.
    package mutating func feed(_ bytes: [UInt8]) throws(LineTooLong) -> [[UInt8]] {
        var events: [[UInt8]] = []
        try feed(bytes, into: &events)
        return events
    }

    /// Takes the next bytes and adds the data of the events that they complete; those that stand before a fault are
    /// added too, so that a stream's events do not depend on how it is cut.
    package mutating func feed(_ bytes: [UInt8], into events: inout [[UInt8]]) throws(LineTooLong) {
        var complete: [[UInt8]] = []
        var fault: LineTooLong?
        do throws(LineTooLong) { try lines.feed(bytes, into: &complete) } catch { fault = error }
        for line in complete {
            if line.isEmpty {
                if hasData { events.append(data) }
                data = []
                hasData = false
            } else {
                try take(line)
            }
        }
        if let fault { throw fault }
    }

    private mutating func take(_ line: [UInt8]) throws(LineTooLong) {
        // Everything but data (event, id, retry, comments) says nothing to us.
        guard line.starts(with: "data".utf8) else { return }
        var value = line.dropFirst(4)
        guard value.isEmpty || value.first == UInt8(ascii: ":") else { return }
        value = value.dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        if hasData { data.append(0x0A) }
        data.append(contentsOf: value)
        hasData = true
        guard data.count <= maximumEventBytes else { throw LineTooLong(limit: maximumEventBytes) }
    }
}

/// Cuts bytes into lines, whatever way they arrive.
package struct LineSplitter: Sendable {
    private let maximumLineBytes: Int
    private let acceptsCarriageReturn: Bool
    private var line: [UInt8] = []
    private var endedWithCarriageReturn = false
    private var isFirstLine = true

    /// - Parameter acceptsCarriageReturn: Whether CR alone ends a line, as in event streams. CRLF always does.
    package init(maximumLineBytes: Int, acceptsCarriageReturn: Bool = false) {
        self.maximumLineBytes = maximumLineBytes
        self.acceptsCarriageReturn = acceptsCarriageReturn
    }

    /// Takes the next bytes and gives the lines that they complete, without their ends.
    package mutating func feed(_ bytes: [UInt8]) throws(LineTooLong) -> [[UInt8]] {
        var complete: [[UInt8]] = []
        try feed(bytes, into: &complete)
        return complete
    }

    /// Takes the next bytes and adds the lines that they complete; those that stand before a fault are added too.
    package mutating func feed(_ bytes: [UInt8], into complete: inout [[UInt8]]) throws(LineTooLong) {
        var start = 0
        var place = 0
        while true {
            let end = bytes.withUnsafeBufferPointer { $0.endOfLine(from: place) }
            guard end < bytes.count else { break }
            place = end + 1
            if bytes[end] == 0x0A {
                let isAfterCarriageReturn = end > 0 ? bytes[end - 1] == 0x0D : endedWithCarriageReturn
                if isAfterCarriageReturn, acceptsCarriageReturn {
                    // The second half of CRLF: the line ended with the first.
                    start = place
                    continue
                }
            } else if !acceptsCarriageReturn {
                continue
            }
            try append(bytes[start..<end])
            complete.append(takeLine())
            start = place
        }
        try append(bytes[start...])
        if let last = bytes.last { endedWithCarriageReturn = last == 0x0D }
    }

    /// What stands after the last line's end.
    package mutating func finish() -> [UInt8]? {
        line.isEmpty ? nil : takeLine()
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>) throws(LineTooLong) {
        guard line.count + bytes.count <= maximumLineBytes else { throw LineTooLong(limit: maximumLineBytes) }
        line.append(contentsOf: bytes)
    }

    private mutating func takeLine() -> [UInt8] {
        defer { line = [] }
        if !acceptsCarriageReturn, line.last == 0x0D { line.removeLast() }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(line.dropFirst(3)) }
        }
        return line
    }
}

/// A line or event over the limit.
package struct LineTooLong: CodedError, Equatable {
    package let limit: Int
    package var codeName: String { "line_too_long" }
    package var message: String { "a line of the stream is longer than \(limit) bytes" }
}
