import { Port, distinctPorts, selectPorts } from '../../lib/intent/port';

test.each([
  [Port.http(80), 'http'],
  [Port.http(80, { name: 'web' }), 'http-web'],
  [Port.http(80, { name: 'http-web' }), 'http-web'],
  [Port.http(80, { name: 'https' }), 'http-https'],
  [Port.grpc(80, { name: 'http' }), 'grpc-http'],
  [Port.tcp(6379, { name: 'tcpdump' }), 'tcp-tcpdump'],
])('the name of the port in the Service begins with its protocol: %#', (port, name) => {
  expect(port.qualifiedName).toBe(name);
});

test('the container port is the port where none is given', () => {
  expect(Port.http(80).containerPort).toBe(80);
  expect(Port.http(80, { containerPort: 8080 }).containerPort).toBe(8080);
});

test('requests are seen on HTTP and gRPC alone', () => {
  const all = [Port.http(1), Port.grpc(2), Port.https(3), Port.tls(4), Port.tcp(5)];
  expect(all.filter((port) => port.carriesRequests).map((port) => port.name)).toEqual(['http', 'grpc']);
});

test('ports stand in the order of their numbers, however they are declared', () => {
  const [a, b] = [Port.http(80), Port.tcp(22)];
  expect(distinctPorts('shop/cart', [a, b])).toEqual([b, a]);
});

test('one name for two protocols is refused, since grants name ports', () => {
  const ports = [Port.http(80, { name: 'main' }), Port.grpc(81, { name: 'main' })];
  expect(() => distinctPorts('shop/cart', ports)).toThrow('`shop/cart` has two ports with the name `main`');
});

test('an unknown port is answered with those that there are', () => {
  expect(() => selectPorts('shop/cart', [Port.http(80), Port.http(81, { name: 'admin' })], ['admn'])).toThrow(
    'MESH-API-017: unknown port `admn` on `shop/cart`, has `http`, `admin`; did you mean `admin`?; fix: ',
  );
});
