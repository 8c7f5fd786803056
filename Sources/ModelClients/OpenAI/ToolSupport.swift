import OrchCore
import OrchEgress
import OrchProviders
import Synchronization

/// Whether the managed server's model can call tools.
///
/// llama.cpp drops `tools` in silence where the model's chat template has no place for them. Its `/props` says so, and
/// such a request is refused instead.
final class ToolSupport: Sendable {
    /// What the server at this port said; a restarted server has another port.
    private struct Answer {
        var port: Int
        var isSupported: Bool
    }

    private let answer = Mutex<Answer?>(nil)

    /// Refuses a body with tools that the model would not see.
    func check(_ call: ChatCall, on server: ModelServer) async throws(ProviderError) {
        guard namesTools(call.body), try await !isSupported(by: server, timeout: call.timeout) else { return }
        throw .unsupported("tools", "cannot be used with the managed local model: its chat template has no tool calls")
    }

    private func namesTools(_ body: [UInt8]) -> Bool {
        guard let tools = (try? JSONDocument(parsing: body))?.root["tools"] else { return false }
        return tools.elements.contains { _ in true }
    }

    private func isSupported(by server: ModelServer, timeout: Duration) async throws(ProviderError) -> Bool {
        var request = try server.request(.get, "/props", atRoot: true, timeout: timeout)
        request.maximumAnswerBytes = ModelServer.maximumListBytes
        let port = request.endpoint.port
        if let known = answer.withLock({ $0 }), known.port == port { return known.isSupported }
        let properties = try await server.fetch(request).body.root
        let isSupported = properties["chat_template_caps"]?["supports_tools"]?.bool ?? true
        answer.withLock { $0 = Answer(port: port, isSupported: isSupported) }
        return isSupported
    }
}
