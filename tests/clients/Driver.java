import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Makes calls with a client that openapi-generator made for Java.
 *
 * <p>Arguments: the folder of its classes, its package, the gateway, a file of calls. A call is {"operation": "...", "request": {...}}: the request is made a model by the client's own
 * functions. One line is written for each call: {"reply": ...} or {"error": "..."}.
 */
public final class Driver {
    private static final Gson PLAIN = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

    private final Path classes;
    private final String client;
    private final Object apiClient;

    private Driver(Path classes, String client, String gateway) throws Exception {
        this.classes = classes;
        this.client = client;
        apiClient = Class.forName(client + ".ApiClient").getConstructor().newInstance();
        apiClient.getClass().getMethod("setBasePath", String.class).invoke(apiClient, gateway);
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Driver driver = new Driver(Path.of(arguments[0]), arguments[1], arguments[2]);
        for (JsonElement call : JsonParser.parseString(Files.readString(Path.of(arguments[3]))).getAsJsonArray()) {
            JsonObject told = new JsonObject();
            try {
                told.add("reply", driver.call(call.getAsJsonObject()));
            } catch (InvocationTargetException error) {
                Throwable cause = error.getCause();
                told.addProperty("error", cause.toString());
            } catch (Exception error) {
                told.addProperty("error", error.toString());
            }
            out.println(PLAIN.toJson(told));
        }
        System.exit(0);
    }

    private JsonElement call(JsonObject call) throws Exception {
        String operation = plain(call.get("operation").getAsString());
        String request = PLAIN.toJson(call.get("request"));
        for (File file : classes.resolve(client).resolve("api").toFile().listFiles()) {
            if (!file.getName().endsWith("Api.class")) continue;
            Class<?> api = Class.forName(client + ".api." + file.getName().replace(".class", ""));
            for (Method method : api.getMethods()) {
                if (!plain(method.getName()).equals(operation) || method.getParameterCount() > 1) continue;
                Object made = api.getConstructor(apiClient.getClass()).newInstance(apiClient);
                Object reply = method.getParameterCount() == 0
                        ? method.invoke(made)
                        : method.invoke(made, model(method.getGenericParameterTypes()[0], request));
                return reply == null ? JsonNull.INSTANCE : JsonParser.parseString(json().toJson(reply));
            }
        }
        throw new IllegalArgumentException("no method for " + operation);
    }

    /** The request as the type that the method wants. */
    private Object model(Type type, String request) throws Exception {
        if (type instanceof Class<?> model) {
            try {
                return model.getMethod("fromJson", String.class).invoke(null, request);
            } catch (NoSuchMethodException none) {
                // No model of the client's.
            }
        }
        return json().fromJson(request, type);
    }

    private Gson json() throws Exception {
        return (Gson) Class.forName(client + ".JSON").getMethod("getGson").invoke(null);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }
}
